import { useMemo, useState, useSyncExternalStore } from 'react';
import { type ColumnChoice, defaultChoice, loadChoice, saveChoice, shownColumns } from './columnChoice.ts';
import type { ColumnKey } from './columns.ts';

export interface Columns {
  readonly columns: readonly ColumnKey[];
  readonly chosen: ColumnChoice;
  /** `null` goes back to what is shown without a choice. */
  readonly choose: (choice: ColumnChoice | null) => void;
}

const WIDE = window.matchMedia('(min-width: 1800px)');

/** The columns that are shown: those a person has chosen, else as many as the window has room for. */
export function useColumns(): Columns {
  const wide = useSyncExternalStore(followWidth, () => WIDE.matches);
  const [own, setOwn] = useState(loadChoice);
  return useMemo(() => {
    const chosen = own ?? defaultChoice(wide);
    const choose = (choice: ColumnChoice | null): void => {
      saveChoice(choice);
      setOwn(choice);
    };
    return { columns: shownColumns(chosen), chosen, choose };
  }, [own, wide]);
}

function followWidth(listener: () => void): () => void {
  WIDE.addEventListener('change', listener);
  return () => WIDE.removeEventListener('change', listener);
}
