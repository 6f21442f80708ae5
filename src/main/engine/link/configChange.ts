import type { LinkConfig } from '../../../shared/engineConfig.ts';

/** What a running link must do about a new configuration, and which parts changed, by the names of the config. */
export interface ConfigChange {
  readonly changed: readonly string[];
  readonly redial: boolean;
  readonly resubscribe: boolean;
}

/** Only what a socket is made with needs a new socket; all else is taken over while it runs (row D3). */
export function configChange(from: LinkConfig, to: LinkConfig): ConfigChange {
  const changed = [
    ...differing(from, to, [
      'url',
      'dialUrl',
      'presetName',
      'preset',
      'ca',
      'subscriptions',
      'expectsData',
      'enabled',
      'routes',
      'rotationWindows',
      'timeZone',
    ]),
    ...differing(from.policy, to.policy, Object.keys(to.policy) as (keyof typeof to.policy)[]),
  ];
  const redial = ['dialUrl', 'preset', 'ca', 'maxFrameBytes', 'maxInflatedBytes', 'compression'].some((name) =>
    changed.includes(name),
  );
  return { changed, redial, resubscribe: changed.includes('subscriptions') };
}

function differing<T>(from: T, to: T, names: readonly (keyof T & string)[]): string[] {
  return names.filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]));
}
