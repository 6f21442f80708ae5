import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { UnfitReason } from '../../shared/unfitReason.ts';
import { closedFor, isStillNew } from '../gateLook.ts';
import { isPaused, mayTrade, type Tone, toneOf } from '../standing.ts';

/** Why a link is not fit to trade, worst first. Each link that is on is fit or of one of these: the counts add up. */
export const UNFIT_KINDS = ['down', 'no data', 'no pong', 'slow', 'held up', 'measuring'] as const;
export type UnfitKind = (typeof UNFIT_KINDS)[number];

/** What is counted in the band, in this order. A link that is `degraded` is fit, and not healthy. */
export const TILES = [...UNFIT_KINDS, 'degraded', 'paused'] as const;
export type Tile = (typeof TILES)[number];

/** Of no link that is measured is anything known to be wrong. */
export const TILE_TONE: Readonly<Record<Tile, Exclude<Tone, 'good'>>> = {
  down: 'bad',
  'no data': 'warn',
  'no pong': 'warn',
  slow: 'warn',
  'held up': 'warn',
  measuring: 'idle',
  degraded: 'warn',
  paused: 'idle',
};

export const TILE_HELP: Readonly<Record<Tile, string>> = {
  down: 'No socket: being dialled again, breaker open, or given up',
  'no data': 'Data that should come do not, or a subscription is not in force',
  'no pong': 'Suspect, pings missed, or a venue that answers none',
  slow: 'The p99 round trip is over the limit for trading',
  'held up': 'This machine is held up: nothing that it measures can be relied on',
  measuring: 'Being started or restored, under 20 pings of this socket, or about to open its gate',
  degraded: 'Fit to trade, and not healthy: counted among the fit',
  paused: 'Paused: neither fit nor unfit',
};

/** Demo links stand for no money: they are counted only where no other link is on. */
export const countsDemo = (links: readonly LinkView[]): boolean =>
  !links.some((link) => !link.about.demo && !isPaused(link));

/** `demo`: one that is not counted. Each link is of one kind. */
export function kindOf(link: LinkView, withDemo: boolean): 'fit' | UnfitKind | 'paused' | 'demo' {
  if (link.about.demo && !withDemo) return 'demo';
  if (isPaused(link)) return 'paused';
  return mayTrade(link) ? 'fit' : unfitKindOf(link);
}

export const isDegraded = (link: LinkView): boolean => mayTrade(link) && toneOf(link) !== 'good';

const KIND_OF: Readonly<Record<UnfitReason['kind'], UnfitKind>> = {
  'breaker-open': 'down',
  'not-up': 'down',
  stale: 'no data',
  'not-in-force': 'no data',
  'no-pongs': 'no pong',
  'ping-missed': 'no pong',
  success: 'no pong',
  p99: 'slow',
  'held-up': 'held up',
  measuring: 'measuring',
  'not-started': 'measuring',
};

/** By its state, else by the gravest of its reasons. */
function unfitKindOf({ state, fit, gate, counters }: LinkView): UnfitKind {
  const isFirstDial = state.kind === 'connecting' ? state.attempt <= 1 : isQueued(state);
  if (isFirstDial && counters.connects === 0) return 'measuring';
  if (!isOpen(state)) return 'down';
  if (state.kind === 'suspect') return 'no pong';
  if (state.kind === 'restoring') return 'measuring';
  const reasons = fit.fit ? closedFor(gate) : fit.reasons;
  const [gravest] = reasons;
  return gravest === undefined || isStillNew(reasons) ? 'measuring' : KIND_OF[gravest.kind];
}

const isQueued = (state: LinkView['state']): boolean => state.kind === 'waiting' && state.reason.kind === 'queued';
