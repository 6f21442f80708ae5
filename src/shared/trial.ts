import { z } from 'zod';
import { counted } from './counted.ts';
import type { LinkConfig } from './engineConfig.ts';
import { PROFILE_NAMES } from './knobs.ts';
import type { ConnectPhase } from './linkState.ts';
import type { SettingsProblem } from './settingsView.ts';
import type { ConnectTimings } from './socketView.ts';
import { namesText, type SubscriptionView } from './subscriptionView.ts';
import type { Cause, Verdict } from './verdict/verdict.ts';

/** A trial ends by then, whatever the venue does, ms. */
export const TRIAL_LIMIT_MS = 30_000;
export const TRIAL_PINGS = 10;
/** So many run at a time, in all windows together. */
export const MOST_TRIALS = 2;

/** What a link would be made of. Checked by the rules of the settings file; the bounds here only keep a message small. */
export const TrialInputSchema = z.strictObject({
  preset: z.string().max(500).nullable(),
  /** `null`: the preset's own. */
  url: z.string().max(5000).nullable(),
  subscribe: z.array(z.string().max(5000)).max(5000),
  /** Messages sent as they stand, for venues without a preset. */
  subscribeRaw: z.array(z.string().max(20_000)).max(5000),
});
export type TrialInput = z.infer<typeof TrialInputSchema>;

/** A link as the wizard would write it. */
export const LinkDraftSchema = z.strictObject({
  ...TrialInputSchema.shape,
  name: z.string().max(500),
  profile: z.enum(PROFILE_NAMES).nullable(),
  standby: z.boolean(),
});
export type LinkDraft = z.infer<typeof LinkDraftSchema>;

/** The phases of row L14, in their order. */
export type TrialPhase = ConnectPhase | 'subscribe' | 'data';

export type TrialPing =
  | { readonly kind: 'answered'; readonly rttMs: number }
  /** Answered while this machine was held up, or while two pings without ids were out: no figure of the network. */
  | { readonly kind: 'unmeasured' }
  | { readonly kind: 'missed' };

export interface TrialSubscription {
  readonly name: string;
  readonly status: SubscriptionView['status'];
  /** Its last data when this was told; `null`: none yet, or its frames cannot be told from others. */
  readonly dataAgeMs: number | null;
  readonly isTold: boolean;
}

export type TrialStage =
  | { readonly kind: 'queued'; readonly place: number; readonly origin: string; readonly waitMs: number }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'over'; readonly result: TrialResult };

export interface TrialRtt {
  readonly p50Ms: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly samples: number;
}

export type TrialResult =
  | { readonly kind: 'works'; readonly rtt: TrialRtt | null; readonly firstDataMs: number | null }
  /** `reason` is a clause, as `reasonText` makes it. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly verdict: Verdict | null;
      readonly advice: string;
    }
  /** The settings file would not take it. */
  | { readonly kind: 'unfit'; readonly problems: readonly SettingsProblem[] };

/** All that a trial has found so far, whole each time. */
export interface TrialView {
  readonly stage: TrialStage;
  readonly elapsedMs: number;
  readonly address: string | null;
  /** What the dial is at, or was at when it failed; `null` before it, and once the socket is open. */
  readonly phase: ConnectPhase | null;
  /** The phases that have ended, in that order. */
  readonly phases: readonly { readonly phase: TrialPhase; readonly ms: number }[];
  readonly pings: readonly TrialPing[];
  /** 0 where the venue answers no ping. */
  readonly pingsWanted: number;
  readonly subscriptions: readonly TrialSubscription[];
  /** From the dial to the first data, ms. */
  readonly firstDataMs: number | null;
}

/** A trial that ended before it began. */
export function trialOver(result: TrialResult): TrialView {
  return {
    stage: { kind: 'over', result },
    elapsedMs: 0,
    address: null,
    phase: null,
    phases: [],
    pings: [],
    pingsWanted: 0,
    subscriptions: [],
    firstDataMs: null,
  };
}

/** The phases of a dial that have taken place. */
export function phasesOf({ dnsMs, tcpMs, tlsMs, upgradeMs }: ConnectTimings): TrialView['phases'] {
  const all = [
    { phase: 'resolving', ms: dnsMs },
    { phase: 'tcp', ms: tcpMs },
    { phase: 'tls', ms: tlsMs },
    { phase: 'upgrade', ms: upgradeMs },
  ] as const;
  return all.flatMap(({ phase, ms }) => (ms === null ? [] : [{ phase, ms }]));
}

/** Of the round trips that were measured; `null` without any. */
export function rttOf(pings: readonly TrialPing[]): TrialRtt | null {
  const sorted = pings.flatMap((ping) => (ping.kind === 'answered' ? [ping.rttMs] : [])).sort((a, b) => a - b);
  const minMs = sorted[0];
  const maxMs = sorted.at(-1);
  const p50Ms = sorted[Math.ceil(sorted.length / 2) - 1];
  if (minMs === undefined || maxMs === undefined || p50Ms === undefined) return null;
  return { p50Ms, minMs, maxMs, samples: sorted.length };
}

/** What an open connection's subscriptions show once no more is waited for; `null` where they are as they should be. */
export function subscriptionFault(
  subscriptions: readonly TrialSubscription[],
  { dataCame, dataWanted }: { readonly dataCame: boolean; readonly dataWanted: boolean },
): Verdict | null {
  const of = (status: TrialSubscription['status']): readonly string[] =>
    subscriptions.filter((one) => one.status === status).map(({ name }) => name);
  const refused = of('refused');
  if (refused.length > 0) {
    const evidence = [
      `${refused.length} of ${counted(subscriptions.length, 'subscription')} refused: ${namesText(refused)}`,
    ];
    return { cause: 'settings fault', blame: 'our settings', certainty: 'likely', evidence };
  }
  if (dataCame || !dataWanted) return null;
  const unacked = of('never-acked');
  if (unacked.length > 0) {
    const evidence = [
      `${unacked.length} of ${counted(subscriptions.length, 'subscription')} never acknowledged: ${namesText(unacked)}`,
    ];
    return { cause: 'ack missing', blame: 'venue', certainty: 'likely', evidence };
  }
  const evidence = [
    `${of('acked').length} of ${counted(subscriptions.length, 'subscription')} acknowledged, and no data came`,
  ];
  return { cause: 'acknowledged but silent', blame: 'venue', certainty: 'likely', evidence };
}

/** Whether data must come for the link to be of use. */
export function wantsData({ expectsData, policy, subscriptions }: LinkConfig): boolean {
  return expectsData && policy.firstDataMs > 0 && subscriptions.length > 0;
}

/** What to do about it, as a clause. */
export function adviceOn(cause: Cause | null): string {
  return (
    (cause === null ? undefined : ADVICE[cause]) ?? 'test again; if it ends alike, look at the venue’s status page'
  );
}

const ADVICE: Partial<Record<Cause, string>> = {
  'name resolution': 'check the spelling of the address, then the network and the DNS of this machine',
  unreachable: 'check host and port, then whether a firewall or a proxy is in the way',
  tls: 'check the address; for a certificate authority of your own name its file in ca_file on the Settings page',
  'upgrade refused': 'check the path of the address: this host answers, but opens no WebSocket there',
  'dial rate limit': 'wait for as long as the venue asks, then test again',
  'credentials refused': 'set the credentials in Warmwire’s environment, start it again, then test again',
  'credential used twice': 'end the other connection with these credentials, then test again',
  'ghost session': 'wait until the venue lets go of the old connection, then test again',
  'settings fault': 'check the address, the channels and how the venue spells its symbols',
  'ack missing': 'check how the venue spells its symbols: upper or lower case, and what stands between the two',
  'acknowledged but silent':
    'check how the venue spells its symbols; where the market is quiet, test with a busy symbol',
  'message rate limit': 'subscribe to less on this link',
  'message too big': 'raise max_frame_mib for this link on the Settings page',
  'protocol fault': 'check that the address and the preset belong together',
  'server ping misanswered': 'check that the address and the preset belong together',
  'policy close': 'check that the address and the preset belong together',
  'local stall': 'give this machine less to do, then test again',
};
