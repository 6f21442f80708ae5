import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { isAboutCredentials, type LinkState } from '../../../shared/linkState.ts';
import { KNOB_NAMES, POLICY_FIELDS } from '../../../shared/policyFields.ts';
import { onlyANewSocketEnds } from '../../../shared/unsubscribing.ts';
import { type Consequence, consequenceOf } from './classify.ts';
import { differs, needsNewSocket } from './madeWith.ts';

/** What a running link must do about a new configuration, and which parts changed, by the names of the config. */
export interface ConfigChange {
  readonly changed: readonly string[];
  /** The same in the words of the settings file: the keys that the preview of the change has named. */
  readonly keys: readonly string[];
  readonly redial: boolean;
  /** An address has come, or one is dialled otherwise. */
  readonly newAddress: boolean;
  readonly resubscribe: boolean;
  /** Subscriptions that an open socket cannot be rid of. */
  readonly endless: readonly string[];
}

/** The settings key behind each part of a link's configuration that is no knob. */
const KEYS = {
  url: 'url',
  dialUrl: 'url',
  presetName: 'preset',
  preset: 'preset',
  ca: 'ca_file',
  subscriptions: 'subscribe',
  expectsData: 'expects_data',
  enabled: 'enabled',
  routes: 'more_urls',
  rotationWindows: 'rotation_windows',
  timeZone: 'time_zone',
} as const satisfies { readonly [K in Exclude<keyof LinkConfig, 'name' | 'demo' | 'policy'>]: string };

const PARTS = Object.keys(KEYS) as readonly (keyof typeof KEYS)[];

/** Only what a socket is made with needs a new socket; all else is taken over while it runs (row D3). */
export function configChange(from: LinkConfig, to: LinkConfig): ConfigChange {
  const parts = PARTS.filter((name) => differs(from[name], to[name]));
  const knobs = KNOB_NAMES.filter((name) => {
    const { field } = POLICY_FIELDS[name];
    return differs(from.policy[field], to.policy[field]);
  });
  const changed: readonly string[] = [...parts, ...knobs.map((name) => POLICY_FIELDS[name].field)];
  // The first route is the url itself.
  const further = differs(from.routes.slice(1), to.routes.slice(1));
  const named = parts.filter((name) => name !== 'routes' || further).map((name) => KEYS[name]);
  return {
    changed,
    keys: [...new Set([...named, ...knobs])],
    redial: needsNewSocket(from, to),
    newAddress: to.routes.some(({ dialUrl }) => from.routes.every((known) => known.dialUrl !== dialUrl)),
    resubscribe: changed.includes('subscriptions'),
    endless: onlyANewSocketEnds(from, to).map(({ name }) => name),
  };
}

/**
 * Whether a link without an open socket is dialled anew because of changed settings (rows L6, L8, L18), as soon as the venue
 * lets it: not while a person holds its breaker open, and after refused credentials only if they may be others. `after`: what
 * followed from its last end.
 */
export function dialsAnew(
  state: LinkState,
  after: Consequence | null,
  { changed, newAddress, redial }: ConfigChange,
  { preset, policy }: LinkConfig,
  elsewhere: boolean,
): boolean {
  if (state.kind === 'failed') {
    const { maxAttempts } = policy;
    if (consequenceOf(state.reason, preset, policy).kind === 'stop') {
      // Credentials are named by the address and by the preset, which says who is shown them.
      return isAboutCredentials(state.reason) ? newAddress || changed.includes('preset') : redial;
    }
    return redial || maxAttempts === 0 || maxAttempts > state.attempts;
  }
  if (!redial && !elsewhere) return false;
  if (state.kind === 'blocked' && state.until === null) return false;
  const isQueued = state.kind === 'waiting' && state.reason.kind === 'queued';
  if ((state.kind !== 'waiting' && state.kind !== 'blocked') || isQueued) return true;
  // A loud wait is for a person, who has done something just now.
  return elsewhere || after === null || after.kind === 'retry' || after.loud;
}
