import { useCallback, useState } from 'react';
import { pathText } from '../../../shared/toml/quoting.ts';
import { nodeAt } from '../../../shared/toml/toml.ts';
import { shownValue } from './fieldText.ts';
import { readText } from './reading.ts';

/** What was typed into a field and is no value of its key, so that the text does not have it. */
export interface Unwritten {
  readonly path: readonly string[];
  readonly typed: string;
  /** `a number from 0.1 to 3600 (s)` */
  readonly expected: string;
}

/** The fields that hold what cannot be written, until they are mended, reset, or overtaken by the text. */
export function useUnwritten() {
  const [held, setHeld] = useState<readonly Unwritten[]>([]);

  /** `null` as what was typed: the field holds a value again, or nothing. */
  const note = useCallback((path: readonly string[], typed: string | null, expected: string): void => {
    setHeld((before) => {
      const others = before.filter((one) => !isAt(one, path));
      if (typed === null && others.length === before.length) return before;
      return typed === null ? others : [...others, { path, typed, expected }];
    });
  }, []);

  /** The text is another now: what it says of such a key itself counts. */
  const follow = (before: string, after: string): void => {
    if (held.length > 0) setHeld(held.filter(({ path }) => saidAt(before, path) === saidAt(after, path)));
  };

  const clear = (): void => setHeld([]);

  return { held, note, follow, clear };
}

export const isAt = ({ path }: Unwritten, at: readonly string[]): boolean => pathText(path) === pathText(at);

/** Why nothing can be applied as long as it stands. */
export const unwrittenText = ({ path, typed, expected }: Unwritten): string =>
  `${pathText(path)} is not written: “${typed.trim()}” is not ${expected}`;

/** As the text has it; `undefined` where its table is gone, `null` where it cannot be told. */
function saidAt(text: string, path: readonly string[]): string | null | undefined {
  const { root } = readText(text);
  if (root === null) return null;
  const table = path.slice(0, -1);
  if (table.length > 1 && nodeAt(root, table) === null) return undefined;
  return shownValue(nodeAt(root, path) ?? undefined);
}
