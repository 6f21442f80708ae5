import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { stateText } from '../../../shared/linkState.ts';
import { gateWhy } from '../../gateLook.ts';
import { go, linkHash } from '../../route.ts';
import { isPaused, stateDetail, whyText } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { useAtNow, useEngine, useLink, useLinkNames } from '../../store/hooks.ts';
import { focusHome, hasNavigated } from '../../ui/focus.ts';
import { GridHead } from '../../ui/GridHead.tsx';
import { nextRow } from '../rowKeys.ts';
import { COLUMNS } from './columns.ts';
import { LinkRow } from './LinkRow.tsx';
import { lastRow, rememberRow } from './lastRow.ts';

/**
 * One row a link, in the order of the settings. Arrow keys move, Enter opens, `r` and `p` act on the row. Who comes back
 * from another page finds the focus on the row it came from.
 */
export function LinkTable() {
  const names = useLinkNames();
  const commands = useCommands();
  const { store } = useEngine();
  const table = useRef<HTMLTableElement>(null);
  const [selected, setSelected] = useState(lastRow);
  const [hovered, setHovered] = useState<string | null>(null);
  const current = selected !== null && names.includes(selected) ? selected : (names[0] ?? null);

  useEffect(() => rememberRow(current), [current]);

  useEffect(() => {
    if (hasNavigated()) focusHome();
  }, []);

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
    const to = nextRow(event.key, names, name);
    if (to !== null) {
      event.preventDefault();
      focusRow(event.currentTarget, to);
    } else if (event.repeat) return;
    else if (event.key === 'Enter' && event.target instanceof HTMLTableRowElement) go(linkHash(name));
    else {
      const link = store.getState().snapshot?.links[name];
      if (link === undefined) return;
      const paused = isPaused(link);
      if (event.key === 'p') commands.setPaused(name, !paused);
      else if (!paused && event.key.toLowerCase() === 'r') {
        commands.reconnect(name, event.key === 'R' ? 'hard' : 'graceful');
      }
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
        <GridHead columns={COLUMNS} prefix="col" />
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
  const gate = useAtNow((now) => (link === null ? '' : gateWhy(link.gate, now)), '');
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
        <span className="dim">
          {' '}
          · gate {link.gate.kind === 'open' ? 'open' : `closed: ${gate}`} · {link.about.url}
        </span>
      </span>
    </p>
  );
}

function rowOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('tr[data-link]')?.dataset.link ?? null) : null;
}

function focusRow(table: HTMLElement, name: string | undefined): void {
  for (const row of table.querySelectorAll<HTMLElement>('tr[data-link]')) {
    if (row.dataset.link === name) row.focus();
  }
}
