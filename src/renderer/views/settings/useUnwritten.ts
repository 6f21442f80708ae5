import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeptEdit } from './keptEdit.ts';
import { readText } from './reading.ts';
import { isAt, loadUnwritten, overtake, saidAt, storeUnwritten, type Unwritten } from './unwritten.ts';

/** The fields that hold what cannot be written, until they are mended, reset, or overtaken by the text. They outlive the page, as the draft does. */
export function useUnwritten(kept: KeptEdit, text: string) {
  const latest = useRef(text);
  latest.current = text;
  const [held, setHeld] = useState<readonly Unwritten[]>(() =>
    overtake(loadUnwritten(kept.read('unwritten')), text, text),
  );
  /** The last text that could be read, as far as anything is held. */
  const sound = useRef(text);
  const isAny = useRef(false);
  isAny.current = held.length > 0;

  useEffect(() => {
    const before = sound.current;
    if (isAny.current) setHeld((all) => overtake(all, text, before));
    if (!isAny.current || readText(text).problems.length === 0) sound.current = text;
  }, [text]);

  const stored = storeUnwritten(held);
  useEffect(() => kept.keep('unwritten', stored), [kept, stored]);

  /** `null` as what was typed: the field holds a value again, or nothing. */
  const note = useCallback((path: readonly string[], typed: string | null, expected: string): void => {
    setHeld((before) => {
      const others = before.filter((one) => !isAt(one, path));
      if (typed === null && others.length === before.length) return before;
      return typed === null
        ? others
        : [...others, { path, typed, expected, said: saidAt(latest.current, path) ?? null }];
    });
  }, []);

  const clear = (): void => setHeld([]);

  return { held, note, clear };
}
