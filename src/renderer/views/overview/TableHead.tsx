import type { KeyboardEvent, Ref } from 'react';
import type { Sorting } from './arrange.ts';
import { type ColumnKey, columnOf } from './columns.ts';

interface Props {
  readonly columns: readonly ColumnKey[];
  readonly nameHead: Ref<HTMLTableCellElement>;
  readonly sorting: Sorting | null;
  readonly onSort: (key: ColumnKey) => void;
  /** Of the links that are shown. */
  readonly chosen: 'none' | 'some' | 'all';
  readonly onChooseAll: () => void;
}

/** The head, which stays while rows scroll. Its buttons are one stop of the Tab key: the arrow keys move between them. */
export function TableHead({ columns, nameHead, sorting, onSort, chosen, onChooseAll }: Props) {
  const entry = sorting !== null && columns.includes(sorting.key) ? sorting.key : 'name';
  return (
    <thead onKeyDown={moveAlong}>
      <tr aria-rowindex={1}>
        <th scope="col" className="pick">
          <input
            type="checkbox"
            aria-label="Select all shown links"
            title="Select all shown links (Ctrl+A)"
            tabIndex={-1}
            checked={chosen === 'all'}
            ref={(box) => {
              if (box !== null) box.indeterminate = chosen === 'some';
            }}
            onChange={onChooseAll}
          />
        </th>
        {columns.map((key) => (
          <HeadCell
            key={key}
            name={key}
            sorting={sorting}
            onSort={onSort}
            entry={key === entry}
            {...(key === 'name' && { ref: nameHead })}
          />
        ))}
      </tr>
    </thead>
  );
}

interface CellProps extends Pick<Props, 'sorting' | 'onSort'> {
  readonly name: ColumnKey;
  readonly entry: boolean;
  readonly ref?: Ref<HTMLTableCellElement>;
}

function HeadCell({ name, sorting, onSort, entry, ref }: CellProps) {
  const { head, unit, title, numeric, sortBy } = columnOf(name);
  const by = sorting?.key === name ? (sorting.desc ? 'descending' : 'ascending') : undefined;
  const text = (
    <>
      {head}
      {unit !== undefined && <span className="unit"> {unit}</span>}
    </>
  );
  return (
    <th ref={ref} scope="col" title={title} className={numeric ? 'num' : undefined} aria-sort={by}>
      {sortBy === undefined ? (
        text
      ) : (
        <button type="button" className="sort" tabIndex={entry ? 0 : -1} onClick={() => onSort(name)}>
          {text}
          <span className="sorted" aria-hidden="true">
            {by === undefined ? '' : by === 'descending' ? '▼' : '▲'}
          </span>
        </button>
      )}
    </th>
  );
}

function moveAlong(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const to = buttons[buttons.indexOf(event.target as HTMLElement) + step];
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}
