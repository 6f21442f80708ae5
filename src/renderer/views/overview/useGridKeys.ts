import { type KeyboardEvent, useEffect } from 'react';
import { go, linkHash } from '../../route.ts';
import { isPaused } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { useEngine } from '../../store/hooks.ts';
import { useCuts } from '../../ui/cuts.tsx';
import { letterKey } from '../../ui/letterKey.ts';
import { nextRow } from '../rowKeys.ts';
import { extend, NO_SELECTION, type Selection, toggle, toggleAll } from './selection.ts';

interface Grid {
  /** The lines from top to bottom: `l:NAME` of a link, `g:VENUE` of a group. */
  readonly ids: readonly string[];
  readonly shown: readonly string[];
  readonly current: string | null;
  readonly selection: Selection;
  readonly setSelection: (next: Selection) => void;
  readonly focusLine: (id: string) => void;
  readonly toggleGroup: (venue: string) => void;
  readonly collapsed: ReadonlySet<string>;
}

/** What keys do in the table; the answer is for its `onKeyDown`. */
export function useGridKeys(grid: Grid): (event: KeyboardEvent<HTMLElement>) => void {
  const commands = useCommands();
  const cuts = useCuts();
  const { store } = useEngine();
  const { ids, shown, current, selection, setSelection, focusLine, toggleGroup, collapsed } = grid;

  // With the focus nowhere, an arrow key goes to where the user last was.
  useEffect(() => {
    const onArrow = (event: globalThis.KeyboardEvent): void => {
      if (document.activeElement !== document.body || !/^Arrow(Up|Down)$/.test(event.key)) return;
      event.preventDefault();
      if (current !== null) focusLine(current);
    };
    window.addEventListener('keydown', onArrow);
    return () => window.removeEventListener('keydown', onArrow);
  }, [current, focusLine]);

  function move(event: KeyboardEvent<HTMLElement>, from: string, to: string): void {
    event.preventDefault();
    focusLine(to);
    if (event.shiftKey && isLink(from) && isLink(to)) setSelection(extend(selection, shown, bare(from), bare(to)));
  }

  /** True where the key did something to the row as such. */
  function onRow(event: KeyboardEvent<HTMLElement>, name: string): boolean {
    if (event.key === ' ') setSelection(toggle(selection, name));
    else if (event.key === 'Enter') go(linkHash(name));
    else return false;
    return true;
  }

  function act(key: string, name: string): void {
    const link = store.getState().snapshot?.links[name];
    if (link === undefined) return;
    if (key === 'p' && isPaused(link)) commands.setPaused(name, false);
    else if (key === 'p') cuts.pause(name);
    // Of a paused link the answer says what to press instead.
    else if (key === 'r') commands.reconnect(name, 'graceful');
    else if (key === 'Shift r') cuts.reconnectHard(name);
  }

  /** ← folds the group that the line belongs to, → unfolds it; Enter and Space do either. */
  function fold(event: KeyboardEvent<HTMLElement>, venue: string): void {
    const open = !collapsed.has(venue);
    const key = event.key;
    if (key !== 'Enter' && key !== ' ' && !(open ? key === 'ArrowLeft' : key === 'ArrowRight')) return;
    if (event.target instanceof HTMLButtonElement && key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    event.preventDefault();
    toggleGroup(venue);
  }

  return (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tbody tr') : null;
    if (row === null || current === null) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      if (!shown.every((name) => selection.names.has(name))) setSelection(toggleAll(selection, shown));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && selection.names.size > 0) {
      event.preventDefault();
      setSelection(NO_SELECTION);
      return;
    }
    const to = nextRow(event.key, ids, current);
    if (to !== null) return move(event, current, to);
    if (row.dataset.group !== undefined) return fold(event, row.dataset.group);
    const name = row.dataset.link;
    if (name === undefined || event.repeat) return;
    if (event.target === row && onRow(event, name)) return event.preventDefault();
    if (event.key !== ' ' && event.key !== 'Enter') act(letterKey(event), name);
  };
}

const isLink = (id: string): boolean => id.startsWith('l:');
const bare = (id: string): string => id.slice(2);
