import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { adjust } from '../../route.ts';
import { GridHead } from '../../ui/GridHead.tsx';
import { isTyping } from '../../ui/Shortcuts.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { nextRow } from '../rowKeys.ts';
import { POOL_COLUMNS } from './columns.ts';
import { PoolRow } from './PoolRow.tsx';

interface Props {
  readonly names: readonly string[];
  /** The pool whose particulars are shown. */
  readonly current: string;
}

/** One row a pool, in the order of the settings. The focused row is the one whose particulars are shown. */
export function PoolTable({ names, current }: Props) {
  const table = useRef<HTMLTableElement>(null);

  // From the page's heading, or from nowhere, an arrow key leads into the table.
  useEffect(() => {
    const onArrow = (event: globalThis.KeyboardEvent): void => {
      const { activeElement } = document;
      if (isTyping(event) || !/^Arrow(Up|Down)$/.test(event.key)) return;
      if (activeElement !== document.body && !(activeElement instanceof HTMLHeadingElement)) return;
      event.preventDefault();
      focusRow(table.current, current);
    };
    window.addEventListener('keydown', onArrow);
    return () => window.removeEventListener('keydown', onArrow);
  }, [current]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const name = rowOf(event.target);
    if (name === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = nextRow(event.key, names, name);
    if (to === null) return;
    event.preventDefault();
    focusRow(table.current, to);
  }

  return (
    <WideBox className="pool-box" label="Pools">
      <table
        ref={table}
        className="links pools"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take focus and keys, which is what a grid is
        role="grid"
        aria-label="Pools"
        onKeyDown={onKeyDown}
        onFocus={(event: FocusEvent) => {
          const name = rowOf(event.target);
          if (name !== null) adjust({ view: 'pools', name });
        }}
      >
        <GridHead columns={POOL_COLUMNS} prefix="pcol" />
        <tbody>
          {names.map((name) => (
            <PoolRow key={name} name={name} current={name === current} />
          ))}
        </tbody>
      </table>
    </WideBox>
  );
}

function rowOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('tr[data-pool]')?.dataset.pool ?? null) : null;
}

function focusRow(table: HTMLElement | null, name: string): void {
  for (const row of table?.querySelectorAll<HTMLElement>('tr[data-pool]') ?? []) {
    if (row.dataset.pool === name) row.focus();
  }
}
