import type { LinkEvent } from './events.ts';
import type { Cause, Verdict } from './verdict/verdict.ts';

/** By link, the times (wall, ms) at which its venue stopped a feed that had run for a while; oldest first. */
export type RestartTimes = Readonly<Record<string, readonly number[]>>;

const DAY_MS = 86_400_000;
/** Two stops within so many ms of the same time of day are one habit. */
const SAME_TIME_MS = 5_000;
/** What follows a stop so soon is part of it. */
const ONE_STOP_MS = 60_000;
/** A socket that ended younger says nothing of a schedule. */
const LONG_LIFE_MS = 10 * 60_000;
const KEPT_TIMES = 50;

/** Knows when venues stopped feeds, and so tells a scheduled restart from a mishap (incident 5). */
export class RestartHabits {
  /** Not an object: a link may be called `constructor`. */
  readonly #times = new Map<string, readonly number[]>();

  get times(): RestartTimes {
    return Object.fromEntries(this.#times);
  }

  /** What an earlier run has seen; what this one has seen stays. */
  know(times: RestartTimes): void {
    for (const [link, earlier] of Object.entries(times)) {
      const own = (this.#times.get(link) ?? []).filter((time) => !earlier.includes(time));
      this.#keep(
        link,
        [...earlier, ...own].sort((a, b) => a - b),
      );
    }
  }

  /** True if the event was a stop that is remembered from now on. */
  note(event: LinkEvent): boolean {
    if (!isStop(event)) return false;
    const { link, wall } = event;
    const known = this.#times.get(link) ?? [];
    if (known.some((time) => Math.abs(wall - time) < ONE_STOP_MS)) return false;
    this.#keep(link, [...known, wall]);
    return true;
  }

  /** True if the link's feed was stopped at this time of day on an earlier day, too. */
  has(link: string, at: number): boolean {
    return (this.#times.get(link) ?? []).some((time) => {
      const days = Math.round((at - time) / DAY_MS);
      return days >= 1 && Math.abs(at - time - days * DAY_MS) <= SAME_TIME_MS;
    });
  }

  #keep(link: string, times: readonly number[]): void {
    this.#times.set(link, times.slice(-KEPT_TIMES));
  }
}

function isStop({ happening }: LinkEvent): boolean {
  if (happening.kind === 'verdict') {
    const { cause } = happening.verdict;
    return cause === 'heartbeat stopped' || cause === 'scheduled restart';
  }
  if (happening.kind !== 'socket-ended' || happening.livedMs < LONG_LIFE_MS) return false;
  return happening.reason.kind === 'cut' || happening.reason.kind === 'closed';
}

/** Losses that a venue's restart may show as. */
const OF_A_RESTART: ReadonlySet<Cause> = new Set([
  'venue restart',
  'abnormal close',
  'half-closed',
  'half-open',
  'heartbeat stopped',
]);

/** The verdict on a loss that came at the same time of day on an earlier day, too. */
export function habitual(verdict: Verdict): Verdict {
  const { cause, blame, evidence } = verdict;
  if (!OF_A_RESTART.has(cause) || blame === 'this machine' || blame === 'local network') return verdict;
  const again = 'at the same time of day as on an earlier day';
  return { cause: 'scheduled restart', blame: 'venue', certainty: 'likely', evidence: [...evidence, again] };
}
