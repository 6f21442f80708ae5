import { useEffect, useRef } from 'react';
import { letterKey } from '../../ui/letterKey.ts';

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>;

export const isSaveKey = (press: Press): boolean => letterKey(press) === 's' && (press.ctrlKey || press.metaKey);

/** Ctrl/⌘+S anywhere on the page; where the editor has it already, it is the editor's. */
export function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isSaveKey(event)) return;
      event.preventDefault();
      if (!event.repeat) latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
