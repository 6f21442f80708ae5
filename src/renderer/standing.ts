import { reasonText, stateText, stateWord } from '../shared/linkState.ts';
import { assertNever } from '../shared/outcome.ts';
import type { LinkView } from '../shared/snapshot.ts';
import type { MonoMs } from '../shared/units.ts';
import { plural } from './format.ts';

/** How good a thing is, as a hue and a shape. `idle` is grey: nothing is claimed. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';

export function toneOf(link: LinkView): Tone {
  const { level } = link.health;
  if (level === 'healthy') return 'good';
  if (level === 'degraded') return 'warn';
  return level === 'unhealthy' ? 'bad' : 'idle';
}

export const isPaused = (link: LinkView): boolean => link.state.kind === 'paused';

/** Why the link is as it is, most telling first: the state's own sentence unless it is simply up. */
export function whyText(link: LinkView): string {
  const { state, health } = link;
  const reasons = health.level === 'degraded' || health.level === 'unhealthy' ? health.reasons : [];
  switch (state.kind) {
    case 'up':
    case 'suspect':
    case 'restoring':
      return reasons.length > 0 ? reasons.join('; ') : about(link);
    case 'failed':
      return `${stateText(state)}; press Reconnect to try again`;
    case 'waiting':
    case 'blocked': {
      const failures = reasons.filter((reason) => reason.includes('failures'));
      return [stateText(state), ...failures].join('; ');
    }
    case 'paused':
    case 'connecting':
    case 'closing':
      return stateText(state);
    default:
      return assertNever(state);
  }
}

function about(link: LinkView): string {
  return link.about.replacing === null ? '' : `a new socket is being made ready: ${reasonText(link.about.replacing)}`;
}

/** What there is to say beside the state's word: the phase, how many are restored, how many probes. */
export function stateDetail(link: LinkView): string {
  const { state } = link;
  if (state.kind === 'connecting') return SHORT_PHASE[state.phase];
  if (state.kind === 'restoring') return `${state.acked}/${state.wanted}`;
  if (state.kind === 'suspect') return state.probes === 0 ? '' : plural(state.probes, 'probe');
  return state.kind === 'up' && link.about.replacing !== null ? 'replacing' : '';
}

const SHORT_PHASE = { token: 'token', resolving: 'DNS', tcp: 'TCP', tls: 'TLS', upgrade: 'upgrade' } as const;

/** Until when this state waits, if it does. */
export function waitsUntil(link: LinkView): MonoMs | null {
  const { state } = link;
  return state.kind === 'waiting' || state.kind === 'blocked' ? state.until : null;
}

export interface Overall {
  readonly tone: Tone;
  /** `2 of 3 links healthy` */
  readonly count: string;
  /** `okx-spot waiting: ...`, empty when all is well. */
  readonly worst: string;
  /** The same, as short as a window's title must be. */
  readonly short: string;
}

const RANK: Readonly<Record<Tone, number>> = { bad: 3, warn: 2, good: 1, idle: 0 };

/** All links in one sentence. Paused links are not counted as anything but paused. */
export function overall(names: readonly string[], links: Readonly<Record<string, LinkView>>): Overall {
  const all = names.flatMap((name) => links[name] ?? []);
  if (all.length === 0) return { tone: 'idle', count: 'no links yet', worst: '', short: '' };
  const active = all.filter((link) => !isPaused(link));
  const paused = all.length - active.length;
  const suffix = paused === 0 ? '' : `, ${paused} paused`;
  if (active.length === 0) return { tone: 'idle', count: `all ${plural(paused, 'link')} paused`, worst: '', short: '' };
  const healthy = active.filter((link) => toneOf(link) === 'good').length;
  const worst = active.reduce((held, link) => (RANK[toneOf(link)] > RANK[toneOf(held)] ? link : held));
  const tone = toneOf(worst);
  const count = `${healthy} of ${plural(active.length, 'link')} healthy${suffix}`;
  if (tone === 'good') return { tone, count, worst: '', short: '' };
  const word = worst.state.kind === 'up' ? worst.health.level : stateWord(worst.state);
  return { tone, count, worst: `${worst.name} ${word}: ${causeText(worst)}`, short: `${worst.name} ${word}` };
}

/** The cause alone, without the attempt in front: what a header has room for. */
function causeText(link: LinkView): string {
  const { state } = link;
  return state.kind === 'waiting' || state.kind === 'blocked' || state.kind === 'failed'
    ? reasonText(state.reason)
    : whyText(link);
}
