import { lazy, Suspense, useEffect, useState } from 'react';
import { go } from '../route.ts';

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
  useEffect(() => {
    const show = (): void => setOpen(true);
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const chord = event.timeStamp < chordUntil;
      chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
      if (event.key === '?') show();
      else if (event.key === '1' || (chord && event.key === 'o')) go('#/');
      else if (event.key === '2' || (chord && event.key === 's')) go('#/settings');
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
      <ShortcutsDialog onClose={() => setOpen(false)} />
    </Suspense>
  ) : null;
}

/** True where a key is text or belongs to the system, so that it is no shortcut. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null)
  );
}
