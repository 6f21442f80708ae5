import { useEffect, useState } from 'react';

/** What can be the ground of what is said, which holds as long as that stays as it was. */
interface Grounds {
  readonly text: string;
  /** The name of the text on disk. */
  readonly file: string;
  readonly conflict: boolean;
  /** Why nothing can be applied. */
  readonly refusal: string | null;
}

export type Ground = {
  readonly [Key in keyof Grounds]: { readonly of: Key; readonly was: Grounds[Key] };
}[keyof Grounds];

const NOTHING = { text: '', ground: null };

/** The page's one line about what was just done or refused. What rests on a ground goes with it. */
export function useSaid(now: Grounds) {
  const [said, setSaid] = useState<{ readonly text: string; readonly ground: Ground | null }>(NOTHING);
  const holds = said.ground === null || now[said.ground.of] === said.ground.was;
  useEffect(() => {
    if (!holds) setSaid(NOTHING);
  }, [holds]);
  const say = (text: string, ground: Ground | null = null): void => setSaid({ text, ground });
  /** What was said of the text goes as one types; what was said of the file stays. */
  const typed = (): void => setSaid((held) => (held.ground?.of === 'file' ? held : NOTHING));
  return { said: holds ? said.text : '', say, typed };
}
