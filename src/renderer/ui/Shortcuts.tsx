import { Suspense, useEffect, useRef, useState } from 'react';
import { go } from '../route.ts';
import { actionOf, beginsPair, entryOf } from './actionTable.ts';
import { CutQuestion } from './cuts.tsx';
import { Fence } from './Fence.tsx';
import { giveBack } from './focus.ts';
import { later } from './later.ts';
import { letterKey } from './letterKey.ts';
import { onSignal, type Signal, signal } from './signals.ts';

const ShortcutsDialog = later(() => import('./ShortcutsDialog.tsx'));
const Palette = later(() => import('./Palette.tsx'));

export const openShortcuts = (): void => signal('shortcuts');

/** Time in which the second key of `g o` must follow. */
const PAIR_MS = 1000;

const SIGNALS: Partial<Readonly<Record<string, Signal>>> = {
  shortcuts: 'shortcuts',
  bell: 'notices',
  palette: 'palette',
};

/** The keys that work on every page, the dialog that lists them, the palette, and the question before a link is cut. */
export function Shortcuts() {
  const [open, setOpen] = useState<'shortcuts' | 'palette' | null>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const show = (what: 'shortcuts' | 'palette'): void => {
      opener.current = document.activeElement;
      setOpen(what);
    };
    let pair: { readonly key: string; readonly until: number } | null = null;
    const onKey = (event: KeyboardEvent): void => {
      if (isPaletteKey(event)) {
        event.preventDefault();
        return signal('palette');
      }
      if (isTyping(event)) return;
      const key = letterKey(event);
      const action = actionOf(key, pair !== null && event.timeStamp < pair.until ? pair.key : null);
      pair = beginsPair(key) ? { key, until: event.timeStamp + PAIR_MS } : null;
      if (action === null) return;
      const { hash } = entryOf(action);
      const asked = SIGNALS[action];
      if (hash !== undefined) go(hash);
      else if (asked !== undefined) {
        // The letter is not to be typed into what opens now.
        event.preventDefault();
        signal(asked);
      }
    };
    const ends = [
      onSignal('shortcuts', () => show('shortcuts')),
      onSignal('palette', () => show('palette')),
      () => window.removeEventListener('keydown', onKey),
    ];
    window.addEventListener('keydown', onKey);
    return () => {
      for (const end of ends) end();
    };
  }, []);
  const close = (): void => setOpen(null);
  const Shown = open === 'palette' ? Palette : ShortcutsDialog;
  return (
    <>
      <CutQuestion />
      {open !== null && (
        <Fence
          what={open === 'palette' ? 'The command palette' : 'The list of keys'}
          onClose={() => {
            close();
            giveBack(opener.current);
          }}
        >
          <Suspense>
            <Shown onClose={close} opener={opener} onClosed={() => giveBack(opener.current)} />
          </Suspense>
        </Fence>
      )}
    </>
  );
}

/** Esc leads from every other page to the overview; a question that the page asks is answered with no first. */
export function useEscToOverview(sayNo: (() => void) | null = null): void {
  const latest = useRef(sayNo);
  latest.current = sayNo;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.repeat || isTyping(event)) return;
      // The browser itself closes what is open over the page; that is all this press means.
      if (document.querySelector(':popover-open') !== null) return;
      if (latest.current === null) go('#/');
      else latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** The palette opens from a text too, but not over another dialog. */
function isPaletteKey(event: KeyboardEvent): boolean {
  if (letterKey(event) !== 'k' || event.altKey || event.defaultPrevented) return false;
  return (event.ctrlKey || event.metaKey) && document.querySelector(DIALOGS) === null;
}

const DIALOGS = '[role="dialog"], [role="alertdialog"]';

/** True where a key is text or belongs to the system, so that it is no shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest(`input, textarea, select, ${DIALOGS}`) !== null)
  );
}
