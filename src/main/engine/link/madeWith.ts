import type { LinkConfig, LinkSubscription } from '../../../shared/engineConfig.ts';
import { onlyANewSocketEnds } from '../../../shared/unsubscribing.ts';

/** What only a new socket can have otherwise (row D3). */
const PARTS = ['dialUrl', 'preset', 'ca'] as const satisfies (keyof LinkConfig)[];
const POLICY = ['maxFrameBytes', 'maxInflatedBytes', 'compression'] as const satisfies (keyof LinkConfig['policy'])[];

export function needsNewSocket(from: LinkConfig, to: LinkConfig): boolean {
  return (
    PARTS.some((name) => differs(from[name], to[name])) || POLICY.some((name) => from.policy[name] !== to.policy[name])
  );
}

/** A socket that goes by `own` is as one would be that was made by `to`. */
export function isAsMadeBy(own: LinkConfig, to: LinkConfig): boolean {
  return !needsNewSocket(own, to) && onlyANewSocketEnds(own, to).length === 0;
}

/**
 * What a socket that goes by `own` goes by once the link's settings are `to`: what it was made with stays. Values and
 * subscriptions are of a preset: one of another preset takes over none. While another socket is wanted it has the subscriptions
 * of `to` only if they were changed just now (`resubscribe`); those of an open one that no message ends stay.
 */
export function takenOver(own: LinkConfig, to: LinkConfig, resubscribe: boolean, isOpen: boolean): LinkConfig {
  if (differs(own.preset, to.preset)) return own;
  const kept: readonly LinkSubscription[] = isOpen ? onlyANewSocketEnds(own, to) : [];
  if (kept.length === 0 && !needsNewSocket(own, to)) return to;
  const { url, dialUrl, demo, presetName, preset, ca } = own;
  const { maxFrameBytes, maxInflatedBytes, compression } = own.policy;
  return {
    ...to,
    ...{ url, dialUrl, demo, presetName, preset, ca },
    subscriptions: resubscribe ? [...to.subscriptions, ...kept] : own.subscriptions,
    policy: { ...to.policy, maxFrameBytes, maxInflatedBytes, compression },
  };
}

export const differs = (from: unknown, to: unknown): boolean => JSON.stringify(from) !== JSON.stringify(to);
