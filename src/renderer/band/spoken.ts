import { withoutNumbers } from '../format.ts';
import { countText, kindTexts, namesAll, type Verdict } from './verdict.ts';

/** What a screen reader was told last, and of which set of links and causes. */
export interface Spoken {
  readonly key: string;
  readonly text: string;
  readonly at: number;
}

/** Speech takes seconds: what changes faster is told when it has come to rest, as it is then. */
const QUIET_MS = 5000;

/**
 * `1 of 2 fit to trade: b quiet`, or many by kind; `held` as long as it would name others, name another cause or count others.
 * Numbers that count on say nothing.
 */
export function nextSpoken(held: Spoken | null, verdict: Verdict, nowMs: number): Spoken {
  if (held !== null && isSoonAfter(held.at, nowMs)) return held;
  const whole = [countText(verdict), verdict.shared];
  const causes = namesAll(verdict)
    ? verdict.named.map(({ name, spoken }) => ({ said: `${name} ${spoken}`, of: [name, withoutNumbers(spoken)] }))
    : kindTexts(verdict).map((text) => ({ said: text, of: withoutNumbers(text) }));
  const key = JSON.stringify([whole, causes.map(({ of }) => of)]);
  if (held?.key === key) return held;
  const list = causes.map(({ said }) => said).join(', ');
  return { key, text: [...whole, list].filter((part) => part !== '').join(': '), at: nowMs };
}

/** A clock that was set back (another engine) is no reason to be silent. */
const isSoonAfter = (at: number, nowMs: number): boolean => nowMs >= at && nowMs - at < QUIET_MS;
