import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { type Reading, readText } from './reading.ts';

/** Half a line is no mistake yet: what was readable before stays for so long. */
const HALF_WRITTEN_MS = 700;

/** What the form shows of the text. `current` is false while it is of an earlier one. */
export function useReading(text: string): { readonly reading: Reading; readonly current: boolean } {
  const read = useDeferredValue(text);
  const latest = useMemo(() => readText(read), [read]);
  const [shown, setShown] = useState(latest);
  const good = latest.problems.length === 0;
  useEffect(() => {
    const timer = setTimeout(() => setShown(latest), latest.problems.length === 0 ? 0 : HALF_WRITTEN_MS);
    return () => clearTimeout(timer);
  }, [latest]);
  const reading = good ? latest : shown;
  return { reading, current: read === text && reading === latest };
}
