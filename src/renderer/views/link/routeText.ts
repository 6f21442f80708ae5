import { isOpen } from '../../../shared/health.ts';
import { isHeldOpen, type LinkState } from '../../../shared/linkState.ts';
import type { LinkAbout } from '../../../shared/linkView.ts';
import type { RouteView } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { countdown, duration, exactMs } from '../../format.ts';
import type { Tone } from '../../standing.ts';

/** What an address is to the link now; it is dialled next only where something will be dialled by itself. */
export function routeWord({ inUse, alive }: Pick<RouteView, 'inUse' | 'alive'>, state: LinkState): string {
  if (!inUse) return alive ? 'reachable' : 'not reachable';
  if (isOpen(state)) return 'in use';
  if (state.kind === 'connecting') return 'being dialled';
  const willDial = state.kind === 'waiting' || (state.kind === 'blocked' && !isHeldOpen(state));
  return willDial ? 'dialled next' : 'next in line';
}

/** Bad only with the words for it: one that is about to be dialled is not known to be unreachable. */
export function routeTone({ inUse, alive }: Pick<RouteView, 'inUse' | 'alive'>, state: LinkState): Tone {
  if (inUse) return isOpen(state) ? 'good' : 'idle';
  return alive ? 'idle' : 'bad';
}

/** Row L13: why another address is, or is not, about to be used; `null` for a link of one address. */
export function routeText(
  { routes, routing }: Pick<LinkAbout, 'routes' | 'routing'>,
  isConnected: boolean,
  now: MonoMs,
): string | null {
  if (routing === null) return null;
  const { betterMs, betterPercent, betterForMs, dwellMs, candidate, switchedAt } = routing;
  const needed = `a switch needs ${betterMs} ms and ${betterPercent} % for ${duration(betterForMs)}`;
  if (!isConnected) return `No address is in use now: the next dial chooses one; once connected ${needed}`;
  const own = routes.find(({ inUse }) => inUse)?.p50Ms ?? null;
  const best = routes
    .filter(({ inUse, alive, p50Ms }) => !inUse && alive && p50Ms !== null)
    .toSorted((a, b) => (a.p50Ms ?? 0) - (b.p50Ms ?? 0))[0];
  if (own === null) return `The address in use is being measured; ${needed}`;
  if (best === undefined || best.p50Ms === null) return `No other address is measured yet; ${needed}`;
  const lessMs = own - best.p50Ms;
  if (lessMs <= 0) return `The address in use is the fastest; ${needed}`;
  const gain = `The best other one is ${exactMs(lessMs)} ms (${((lessMs / own) * 100).toFixed(1)} %) faster`;
  if (candidate === null) return `${gain}; ${needed}`;
  const forMs = betterForMs - elapsedMs(candidate.since, now);
  const dwellLeftMs = switchedAt === null ? 0 : dwellMs - elapsedMs(switchedAt, now);
  const leftMs = Math.max(forMs, dwellLeftMs);
  if (leftMs <= 0) return `${gain}; the switch is due`;
  const dwell = dwellLeftMs > forMs ? ', when the last switch has stood for its dwell time' : '';
  return `${gain}; the switch is due in ${countdown(leftMs)} if it stays so${dwell}`;
}
