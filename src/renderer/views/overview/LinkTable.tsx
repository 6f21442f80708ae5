import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { stateText } from '../../../shared/linkState.ts';
import { go, linkHash } from '../../route.ts';
import { isPaused, stateDetail, whyText } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { useEngine, useLink, useLinkNames } from '../../store/hooks.ts';
import { COLUMNS } from './columns.ts';
import { LinkRow } from './LinkRow.tsx';

/** The row to come back to from a link's page. */
let lastSelected: string | null = null;

/** One row a link, in the order of the settings. Arrow keys move, Enter opens, `r` and `p` act on the row. */
export function LinkTable() {
  const names = useLinkNames();
  const commands = useCommands();
  const { store } = useEngine();
  const table = useRef<HTMLTableElement>(null);
  const [selected, setSelected] = useState(lastSelected);
  const [hovered, setHovered] = useState<string | null>(null);
  const current = selected !== null && names.includes(selected) ? selected : (names[0] ?? null);

  useEffect(() => {
    lastSelected = current;
  }, [current]);

  // With the focus nowhere, an arrow key goes to where the user last was.
  useEffect(() => {
    const onArrow = (event: globalThis.KeyboardEvent): void => {
      if (document.activeElement !== document.body || !/^Arrow(Up|Down)$/.test(event.key)) return;
      event.preventDefault();
      if (table.current !== null) focusRow(table.current, current ?? undefined);
    };
    window.addEventListener('keydown', onArrow);
    return () => window.removeEventListener('keydown', onArrow);
  }, [current]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const name = rowOf(event.target);
    if (name === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = names.indexOf(name);
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      focusRow(event.currentTarget, names[Math.max(0, Math.min(names.length - 1, step(at, names.length)))]);
    } else if (event.repeat) return;
    else if (event.key === 'Enter' && event.target instanceof HTMLTableRowElement) go(linkHash(name));
    else if (event.key === 'r' || event.key === 'R') commands.reconnect(name, event.key === 'R' ? 'hard' : 'graceful');
    else if (event.key === 'p') {
      const link = store.getState().snapshot?.links[name];
      if (link !== undefined) commands.setPaused(name, !isPaused(link));
    }
  }

  return (
    <section aria-label="Links">
      <table
        ref={table}
        className="links"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take focus and keys, which is what a grid is
        role="grid"
        aria-label="Links"
        onKeyDown={onKeyDown}
        onFocus={(event: FocusEvent) => setSelected(rowOf(event.target) ?? current)}
        onMouseOver={(event: MouseEvent) => setHovered(rowOf(event.target))}
        onMouseLeave={() => setHovered(null)}
      >
        <colgroup>
          {COLUMNS.map((column) => (
            <col key={column.key} className={`col-${column.key}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column.key} scope="col" title={column.title} className={column.numeric ? 'num' : undefined}>
                {column.head}
                {column.unit !== undefined && <span className="unit"> {column.unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, index) => (
            <LinkRow key={name} name={name} index={index} current={name === current} />
          ))}
        </tbody>
      </table>
      <Detail name={hovered ?? current} />
    </section>
  );
}

/** The whole sentence of the row that is pointed at or focused: cells are too narrow for some reasons. */
function Detail({ name }: { readonly name: string | null }) {
  const link = useLink(name ?? '');
  if (link === null) return <p className="detail" />;
  const why = whyText(link);
  const detail = stateDetail(link);
  return (
    <p className="detail" data-testid="row-detail">
      <bdi className="detail-name">{link.name}</bdi>
      <span>
        {stateText(link.state)}
        {detail !== '' && link.state.kind === 'up' ? ` (${detail})` : ''}
        {why !== '' && why !== stateText(link.state) ? ` – ${why}` : ''}
        <span className="dim"> · {link.about.url}</span>
      </span>
    </p>
  );
}

const STEPS: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, length) => length - 1,
};

function rowOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('tr[data-link]')?.dataset.link ?? null) : null;
}

function focusRow(table: HTMLElement, name: string | undefined): void {
  for (const row of table.querySelectorAll<HTMLElement>('tr[data-link]')) {
    if (row.dataset.link === name) row.focus();
  }
}
