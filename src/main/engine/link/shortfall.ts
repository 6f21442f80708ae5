import type { MonoMs } from '../../../shared/units.ts';
import { needsNewSocket } from './madeWith.ts';
import type { Session } from './session.ts';

/**
 * What a ready socket does not serve, and the one in use does, as a clause; `null`: nothing (rows L9, L11, L12, L13).
 *
 * 1. A subscription that is in force on the first one only. Those that only one of the two wants are not compared.
 * 2. Data: of each subscription that can be told on both, and of all together. What was silent on the first for the first-data
 *    time asks for none; nor does a first one that is compared for its silence, or was made otherwise: settings may want other
 *    data. What the ready one brought before this machine was away shows nothing.
 */
export function shortfall(ready: Session, first: Session, now: MonoMs): string | null {
  const wanted = new Set(first.config.subscriptions.map(({ name }) => name));
  const notInForce = new Set(first.subscriptions.notInForce);
  const less = ready.subscriptions.notInForce.find((name) => wanted.has(name) && !notInForce.has(name));
  if (less !== undefined) return `${less} is not in force on it`;
  const { expectsData, policy, subscriptions } = ready.config;
  const isAlike = !needsNewSocket(first.config, ready.config);
  if (!isAlike || !expectsData || policy.firstDataMs === 0 || first.liveness.doubtedFor !== null) return null;
  const from = now - policy.firstDataMs;
  const flowsOnFirstOnly = (one: MonoMs | null, other: MonoMs | null): boolean =>
    other !== null && other > from && (one === null || one <= (ready.awayUntil ?? Number.NEGATIVE_INFINITY));
  const silent = subscriptions.find(
    ({ name }) =>
      wanted.has(name) &&
      ready.streams.isTold(name) &&
      flowsOnFirstOnly(ready.streams.dataAt(name), first.streams.dataAt(name)),
  );
  if (silent !== undefined) return `no data of ${silent.name} came on it`;
  // Where nobody can say of what it is, it may be of what only the first wants.
  const wantsTheSame = subscriptions.length === wanted.size && subscriptions.every(({ name }) => wanted.has(name));
  return wantsTheSame && flowsOnFirstOnly(ready.clocks.dataAt, first.clocks.dataAt) ? 'no data came on it' : null;
}
