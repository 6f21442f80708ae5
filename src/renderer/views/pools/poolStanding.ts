import { type IdleLimit, type OriginState, type OriginView, type PoolView, reuseRatio } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { count, duration, NOTHING, percent, plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';

/** Row P4: what a pool is held against. */
export const REUSE_TARGET = 0.9;
export const AGE_TARGET_MS = 30_000;
export const IDLE_TARGET = { from: 5, to: 20 } as const;

const TONE: Readonly<Record<OriginState['kind'], Tone>> = {
  warm: 'good',
  warming: 'warn',
  failing: 'bad',
  cold: 'idle',
  off: 'idle',
};

export const originTone = (state: OriginState): Tone => TONE[state.kind];

/** What there is to say beside the word, without the countdown. */
export function originWhy({ state, wanted }: OriginView): string {
  switch (state.kind) {
    case 'failing':
      return `${state.why}; ${plural(state.attempts, 'try', 'tries')} in a row`;
    case 'cold':
      return wanted === 0
        ? 'nothing is kept ready: warm_sockets is 0'
        : 'nothing is kept ready: destroyed, and not asked for since';
    case 'off':
      return 'off: enabled is false';
    case 'warming':
      return 'sockets are being opened';
    case 'warm':
      return '';
  }
}

export const retryAt = (state: OriginState): MonoMs | null => (state.kind === 'failing' ? state.retryAt : null);

const GRAVITY: readonly OriginState['kind'][] = ['failing', 'warming', 'cold', 'warm', 'off'];

/** The worst state among the origins, and how many of them are in it. */
export function worstOrigin(pool: PoolView): { readonly state: OriginState; readonly detail: string } {
  const states = pool.origins.map(({ state }) => state);
  const kind = pool.enabled ? (GRAVITY.find((one) => states.some((state) => state.kind === one)) ?? 'off') : 'off';
  const those = states.filter((state) => state.kind === kind);
  const soonest = those.reduce(
    (held, state) => ((retryAt(state) ?? 0) < (retryAt(held) ?? 0) ? state : held),
    those[0] ?? OFF,
  );
  return { state: soonest, detail: those.length === states.length ? '' : `${those.length} of ${states.length}` };
}

const OFF: OriginState = { kind: 'off' };

/** `2 warm, 1 failing, 1 off`, the gravest first. */
export function poolsSentence(pools: readonly PoolView[]): string {
  const kinds = pools.map((pool) => worstOrigin(pool).state.kind);
  return GRAVITY.flatMap((kind) => {
    const number = kinds.filter((one) => one === kind).length;
    return number === 0 ? [] : [`${number} ${kind}`];
  }).join(', ');
}

/** Row P4: what calls for attention, warnings of the warm-up too. */
export const alertCount = ({ alerts, warnings }: Pick<PoolView, 'alerts' | 'warnings'>): number =>
  alerts.length + warnings.length;

export function limitText({ ms, source, closes }: IdleLimit): string {
  const said = {
    setting: 'setting',
    announced: 'announced by the venue',
    learned: `learned, ${plural(closes, 'close')}`,
  };
  return `${duration(ms)} (${said[source]})`;
}

/** Where the limit is from, at more length. */
export const limitTitle = (limit: IdleLimit): string =>
  limit.source === 'learned'
    ? `${limitText(limit)} of idle sockets by the venue, those of Warmwire’s own cold probes among them`
    : limitText(limit);

/** Each request that found an open TLS socket saved a handshake; of mixed pools only the most that it can be is known. */
export function handshakesSaved({ origins, counters }: PoolView): string {
  // The demo's exchange is spoken to over TLS.
  const tls = origins.filter(({ url }) => /^(https|demo):/.test(url)).length;
  if (tls === 0) return 'no TLS';
  return tls === origins.length ? count(counters.reused) : `at most ${count(counters.reused)}`;
}

/** A figure against its target, in words too. */
export interface Held {
  readonly tone: Tone;
  readonly value: string;
  readonly verdict: string;
}

export function reuseHeld({ counters }: PoolView): Held {
  const ratio = reuseRatio(counters);
  if (ratio === null) return { tone: 'idle', value: NOTHING, verdict: 'no requests yet' };
  const value = `${percent(counters.reused, counters.requests)} %`;
  return heldAgainst('90 %', ratio > REUSE_TARGET, value, `${percent(REUSE_TARGET, 1)} %`);
}

export function ageHeld({ averageAgeMs }: PoolView): Held {
  if (averageAgeMs === null) return { tone: 'idle', value: NOTHING, verdict: 'no open socket' };
  return heldAgainst('30 s', averageAgeMs > AGE_TARGET_MS, duration(averageAgeMs), duration(AGE_TARGET_MS));
}

/** A target is what to aim at, and stricter than what raises an alert. */
export const missesTarget = (pool: PoolView): boolean =>
  [reuseHeld(pool), ageHeld(pool)].some(({ tone }) => tone === 'warn');

/** What reads like the target is not called below it; `asTarget` is the target as such a figure is written. */
function heldAgainst(target: string, good: boolean, value: string, asTarget: string): Held {
  if (good) return { tone: 'good', value, verdict: `target > ${target}` };
  const verdict = value === asTarget ? `at the target, not over it: > ${target}` : `below the target of ${target}`;
  return { tone: 'warn', value, verdict };
}

/** The phases of a request in their order; what is left of the whole is the rest of the answer. */
export function phasesOf(
  last: NonNullable<OriginView['last']>,
): readonly (readonly [name: string, ms: number | null])[] {
  const { queueMs, dnsMs, tcpMs, tlsMs, firstByteMs, totalMs } = last;
  const known = queueMs + (dnsMs ?? 0) + (tcpMs ?? 0) + (tlsMs ?? 0) + firstByteMs;
  return [
    ['queue', queueMs],
    ['DNS', dnsMs],
    ['TCP', tcpMs],
    ['TLS', tlsMs],
    ['first byte', firstByteMs],
    ['rest', Math.max(0, totalMs - known)],
  ];
}
