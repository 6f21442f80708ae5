import { useEffect, useRef } from 'react';
import { letterKey } from '../../ui/letterKey.ts';

/** Ctrl/⌘+S anywhere on the page; where the editor has it already, it is the editor's. */
export function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || letterKey(event) !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
