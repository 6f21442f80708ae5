import { isMeasuring } from '../../shared/fitness.ts';
import { healthText } from '../../shared/healthReason.ts';
import { isHeldOpen } from '../../shared/linkState.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { SettingsChange } from '../../shared/settingsView.ts';
import { unfitText } from '../../shared/unfitReason.ts';
import { after, elapsedMs, type MonoMs } from '../../shared/units.ts';

/** How each link does, by name. */
export type Standings = ReadonlyMap<string, Standing>;

type Standing = Pick<LinkView, 'state' | 'health' | 'fit'>;

/** What is worse is worse for so long before it counts, and until the end; half of the time where that is short. */
export const SETTLED_MS = 5_000;

type Was = 'healthy' | 'fit';

/** The links that were well before an edit, and those of them that are not now. */
export interface Watch {
  readonly endsAt: MonoMs;
  readonly lengthMs: number;
  readonly were: ReadonlyMap<string, ReadonlySet<Was>>;
  readonly worse: ReadonlyMap<string, Worse>;
  /** Since when the engine says nothing, `null` while it does. */
  readonly unheardSince: MonoMs | null;
}

interface Worse {
  readonly since: MonoMs;
  readonly sentence: string;
}

export type Judgement =
  | { readonly kind: 'watching'; readonly leftMs: number }
  | { readonly kind: 'good' }
  | { readonly kind: 'worse'; readonly sentences: readonly string[] }
  | { readonly kind: 'unheard' };

/** `null` when no link was well that the edit leaves running: then nothing can get worse by it. */
export function beginWatch(
  before: Standings,
  changes: readonly SettingsChange[],
  now: MonoMs,
  lengthMs: number,
): Watch | null {
  const ended = changes.filter(({ effect, pool }) => pool !== true && (effect === 'removed' || effect === 'paused'));
  const were = new Map<string, ReadonlySet<Was>>();
  for (const [name, standing] of before) {
    const well = wellIn(standing);
    if (well.size > 0 && !ended.some(({ link }) => link === name)) were.set(name, well);
  }
  if (were.size === 0) return null;
  return { endsAt: after(now, lengthMs), lengthMs, were, worse: new Map(), unheardSince: null };
}

/** The watch after a look at the links; `null`: the engine says nothing. */
export function lookAt(watch: Watch, now: MonoMs, standings: Standings | null): Watch {
  if (standings === null) return { ...watch, unheardSince: watch.unheardSince ?? now };
  const worse = new Map<string, Worse>();
  for (const [name, were] of watch.were) {
    const sentence = worseNow(name, were, standings.get(name));
    if (sentence !== null) worse.set(name, { since: watch.worse.get(name)?.since ?? now, sentence });
  }
  return { ...watch, worse, unheardSince: null };
}

/** Nothing is said before the end: a re-dial, and the first pings after it, have their time. */
export function judge(watch: Watch, now: MonoMs): Judgement {
  const leftMs = elapsedMs(now, watch.endsAt);
  if (leftMs > 0) return { kind: 'watching', leftMs };
  if (watch.unheardSince !== null) return { kind: 'unheard' };
  const settledMs = Math.min(SETTLED_MS, watch.lengthMs / 2);
  const lasting = [...watch.worse.values()].filter(({ since }) => elapsedMs(since, now) >= settledMs);
  return lasting.length === 0
    ? { kind: 'good' }
    : { kind: 'worse', sentences: lasting.map(({ sentence }) => sentence) };
}

export const sentencesOf = (watch: Watch): readonly string[] =>
  [...watch.worse.values()].map(({ sentence }) => sentence);

function wellIn({ health, fit }: Standing): ReadonlySet<Was> {
  const well = new Set<Was>();
  if (health.level === 'healthy') well.add('healthy');
  if (fit.fit) well.add('fit');
  return well;
}

/** A link that was paused, held open or removed meanwhile is as somebody wants it. */
function worseNow(name: string, were: ReadonlySet<Was>, standing: Standing | undefined): string | null {
  if (standing === undefined || standing.health.level === 'none' || isHeldOpen(standing.state)) return null;
  const { health, fit } = standing;
  if (were.has('healthy') && health.level !== 'healthy') {
    return `${name} was healthy and is ${health.level}: ${healthText(health.reasons)}`;
  }
  // A socket that the edit made anew is measured first.
  if (!were.has('fit') || fit.fit || isMeasuring(fit)) return null;
  return `${name} was fit to trade and is not: ${unfitText(fit.reasons)}`;
}
