import { type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import { count } from '../../format.ts';
import { Fence } from '../../ui/Fence.tsx';
import { later } from '../../ui/later.ts';
import { isTyping } from '../../ui/Shortcuts.tsx';
import { isFiltering, NO_FILTER, venuesOf } from './filter.ts';
import type { TableMemory } from './tableMemory.ts';
import type { Columns } from './useColumns.ts';

const ColumnsDialog = later(() => import('./ColumnsDialog.tsx'));

interface Props {
  readonly links: readonly LinkView[];
  /** How many pass the filter. */
  readonly shown: number;
  readonly memory: TableMemory;
  readonly onChange: (next: Partial<TableMemory>) => void;
  /** The keyboard goes from the filter to the rows. */
  readonly onLeave: () => void;
  readonly choice: Omit<Columns, 'columns'>;
  /** What stands in place of the filters while links are chosen. */
  readonly children: ReactNode;
}

/** Above the table: what narrows it, how it is grouped, which columns it has; or what is done to the chosen links. */
export function Toolbar({ links, shown, memory, onChange, onLeave, choice, children }: Props) {
  const [choosing, setChoosing] = useState(false);
  const columnsButton = useRef<HTMLButtonElement>(null);
  const { filter, grouped } = memory;
  return (
    <div className="toolbar">
      <FilterText memory={memory} onChange={onChange} onLeave={onLeave} />
      {children || (
        <>
          <Venues links={links} memory={memory} onChange={onChange} />
          <button type="button" className="chip" aria-pressed={grouped} onClick={() => onChange({ grouped: !grouped })}>
            Group by venue
          </button>
          <button
            type="button"
            className="chip"
            ref={columnsButton}
            aria-haspopup="dialog"
            onClick={() => setChoosing(true)}
          >
            Columns…
          </button>
          <p className="shown" role="status">
            {isFiltering(filter) && (
              <>
                {count(shown)} of {count(links.length)} links{' '}
                <button type="button" className="chip" onClick={() => onChange({ filter: NO_FILTER })}>
                  Show all
                </button>
              </>
            )}
          </p>
        </>
      )}
      {choosing && (
        <Fence what="The choice of columns" apart onClose={() => setChoosing(false)}>
          <Suspense>
            <ColumnsDialog {...choice} opener={columnsButton} onClose={() => setChoosing(false)} />
          </Suspense>
        </Fence>
      )}
    </div>
  );
}

type Part = Pick<Props, 'memory' | 'onChange'>;

/** `/` comes here from anywhere; Esc empties it first, then goes to the rows, as Enter and ↓ do. */
function FilterText({ memory, onChange, onLeave }: Part & Pick<Props, 'onLeave'>) {
  const { filter } = memory;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onSlash = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onSlash);
    return () => window.removeEventListener('keydown', onSlash);
  }, []);
  return (
    <input
      ref={input}
      type="search"
      className="filter"
      aria-label="Filter links"
      placeholder="Filter: name, venue, state, cause  /"
      spellCheck={false}
      value={filter.text}
      onChange={(event) => onChange({ filter: { ...filter, text: event.target.value } })}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && filter.text !== '') onChange({ filter: { ...filter, text: '' } });
        else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') onLeave();
        else return;
        event.preventDefault();
      }}
    />
  );
}

/** The verdict above narrows by kind. */
function Venues({ links, memory, onChange }: Part & Pick<Props, 'links'>) {
  const { filter } = memory;
  const venues = useMemo(() => venuesOf(links), [links]);
  return (
    <select
      className="venues"
      aria-label="Venue"
      value={filter.venue ?? ''}
      onChange={({ target }) => onChange({ filter: { ...filter, venue: target.value === '' ? null : target.value } })}
    >
      <option value="">All venues</option>
      {venues.map((venue) => (
        <option key={venue} value={venue}>
          {venue}
        </option>
      ))}
    </select>
  );
}
