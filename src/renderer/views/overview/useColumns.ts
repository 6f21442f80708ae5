import { useMemo, useState, useSyncExternalStore } from 'react';
import { type ColumnChoice, defaultChoice, loadChoice, saveChoice, shownColumns } from './columnChoice.ts';
import { COLUMN_STEPS, type ColumnKey } from './columns.ts';

export interface Columns {
  readonly columns: readonly ColumnKey[];
  readonly chosen: ColumnChoice;
  /** `null` goes back to what is shown without a choice. */
  readonly choose: (choice: ColumnChoice | null) => void;
}

const STEPS = COLUMN_STEPS.map((width) => ({ width, reached: window.matchMedia(`(min-width: ${width}px)`) }));

/** The columns that are shown: those a person has chosen, else as many as the window has room for. */
export function useColumns(): Columns {
  const width = useSyncExternalStore(followWidth, widthReached);
  const [own, setOwn] = useState(loadChoice);
  return useMemo(() => {
    const chosen = own ?? defaultChoice(width);
    const choose = (choice: ColumnChoice | null): void => {
      saveChoice(choice);
      setOwn(choice);
    };
    return { columns: shownColumns(chosen), chosen, choose };
  }, [own, width]);
}

function followWidth(listener: () => void): () => void {
  for (const { reached } of STEPS) reached.addEventListener('change', listener);
  return () => {
    for (const { reached } of STEPS) reached.removeEventListener('change', listener);
  };
}

/** The last of the steps that the window is as wide as, 0 below the first. */
const widthReached = (): number => STEPS.findLast(({ reached }) => reached.matches)?.width ?? 0;
