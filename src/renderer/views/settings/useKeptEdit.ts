import { useEffect, useState } from 'react';
import { ownWindow, ownWindowNow } from '../../ui/ownWindow.ts';
import { KeptEdit } from './keptEdit.ts';

/** What this window keeps of its edit; of one that is gone when it has none itself. `null` until that is known. */
export function useKeptEdit(file: string | null): KeptEdit | null {
  const [kept, setKept] = useState(() => knownAtOnce(file));
  useEffect(() => {
    if (file === null || kept?.file === file) return undefined;
    let wanted = true;
    void ownWindow().then(async (window) => {
      const own = new KeptEdit(file, window);
      if (own.isEmpty) await own.adopt();
      if (wanted) setKept(own);
    });
    return () => {
      wanted = false;
    };
  }, [file, kept]);
  return kept?.file === file ? kept : null;
}

function knownAtOnce(file: string | null): KeptEdit | null {
  const window = ownWindowNow();
  if (file === null || window === null) return null;
  const own = new KeptEdit(file, window);
  return own.isEmpty && own.others().length > 0 ? null : own;
}
