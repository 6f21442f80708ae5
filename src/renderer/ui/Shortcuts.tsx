import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { go } from '../route.ts';
import { focusHome } from './focus.ts';

const ShortcutsDialog = lazy(() => import('./ShortcutsDialog.tsx'));

const OPEN = 'warmwire:shortcuts';

export function openShortcuts(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** Time in which the second key of `g o` must follow. */
const CHORD_MS = 1000;

/** The keys that work on every page, and the dialog that lists them. */
export function Shortcuts() {
  const [open, setOpen] = useState(false);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const show = (): void => {
      opener.current = document.activeElement;
      setOpen(true);
    };
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const chord = event.timeStamp < chordUntil;
      chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
      if (event.key === '?') show();
      else if (event.key === '1' || (chord && event.key === 'o')) go('#/');
      else if (event.key === '2' || (chord && event.key === 's')) go('#/settings');
      else if (event.key === '3' || (chord && event.key === 'h')) go('#/pools');
      else if (event.key === '4' || (chord && event.key === 'd')) go('#/drills');
    };
    window.addEventListener(OPEN, show);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener(OPEN, show);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
  return open ? (
    <Suspense>
      <ShortcutsDialog onClose={() => setOpen(false)} onClosed={() => giveBack(opener.current)} />
    </Suspense>
  ) : null;
}

/** The focus goes back to what had it, unless that was nothing, or is gone. */
function giveBack(opener: Element | null): void {
  if (opener === document.body) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  else focusHome();
}

/** Esc leads from every other page to the overview. */
export function useEscToOverview(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.repeat && !isTyping(event)) go('#/');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** True where a key is text or belongs to the system, so that it is no shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"], [role="alertdialog"]') !== null)
  );
}
