import { z } from 'zod';
import { builtInOf, countOf, factor, hours, knob, mebibytes, millis, percent, plain, schemasOf, secs } from './knob.ts';
import { type Optional, optionalOf, type Prefixed, prefixedOf } from './settingsKey.ts';

export const JITTERS = ['proportional', 'symmetric', 'additive', 'full', 'equal', 'decorrelated'] as const;
export type Jitter = (typeof JITTERS)[number];

/**
 * Every behaviour of a link that can be tuned. A link or a preset sets it by this name; `[connection]` sets it for all
 * links by the same name with `ws_` in front.
 */
export const LINK_KNOBS = {
  ping_interval_secs: knob('pingIntervalMs', secs(0.1, 3600), 15, 'Time between two pings on an idle link.'),
  pong_timeout_secs: knob(
    'pongTimeoutMs',
    secs(0.1, 300),
    5,
    'A pong later than this, or than 4 x p99 RTT (at least 1 s), makes the link suspect.',
  ),
  missed_pongs: knob(
    'missedPongs',
    countOf('pings', 1, 20),
    3,
    'Probes in a row that must go unanswered before the link is dead.',
  ),
  warmup_pings: knob(
    'warmupPings',
    countOf('pings', 0, 100),
    20,
    'Pings at 1 s after a connect, to fill the RTT window quickly.',
  ),
  initial_reconnect_delay_ms: knob(
    'initialReconnectDelayMs',
    millis(10, 600_000),
    100,
    'Wait before the first reconnect.',
  ),
  max_reconnect_delay_secs: knob(
    'maxReconnectDelayMs',
    secs(0.1, 86_400),
    30,
    'The longest wait between two attempts, before jitter.',
  ),
  backoff_multiplier: knob('backoffMultiplier', factor(1, 10), 2, 'Each wait is the last one times this.'),
  jitter: knob(
    'jitter',
    plain(z.enum(JITTERS)),
    'proportional',
    'How waits are spread, so that many clients do not dial at once.',
  ),
  jitter_factor: knob('jitterFactor', factor(0, 1), 0.1, 'Share of the wait that is random, with proportional jitter.'),
  max_attempts: knob(
    'maxAttempts',
    countOf('attempts', 0, 1_000_000),
    0,
    'Give up after so many attempts; 0 never gives up.',
  ),
  stable_after_secs: knob('stableAfterMs', secs(0, 3600), 30, 'A link up for this long starts counting attempts anew.'),
  breaker_failures: knob(
    'breakerFailures',
    countOf('failures', 0, 1000),
    3,
    'Failures in a row that open the breaker; 0 turns it off.',
  ),
  breaker_open_secs: knob(
    'breakerOpenMs',
    secs(0.1, 3600),
    10,
    'How long an open breaker keeps the link from dialling.',
  ),
  slow_retry_secs: knob(
    'slowRetryMs',
    secs(0.1, 86_400),
    30,
    'The least wait after the venue limited the rate (429, 418 without Retry-After) or did not know the address.',
  ),
  fault_retry_secs: knob(
    'faultRetryMs',
    secs(0, 86_400),
    300,
    'Wait after a fault that a new socket would meet again (broken protocol, certificate); 0 waits for you.',
  ),
  slot_retry_secs: knob(
    'slotRetryMs',
    secs(0.1, 3600),
    10,
    'Wait while the venue still holds the slot of our dead connection.',
  ),
  data_timeout_secs: knob(
    'dataTimeoutMs',
    secs(1, 86_400),
    300,
    'No data for so long forces a reconnect, although pongs come.',
  ),
  data_notice_secs: knob('dataNoticeMs', secs(1, 86_400), 60, 'No data for so long is a notice: the link is degraded.'),
  quiet_limit_secs: knob(
    'quietLimitMs',
    secs(1, 86_400),
    900,
    'Once the venue has proved to be merely quiet, data_timeout_secs doubles up to this until data flow; not if it is longer.',
  ),
  connect_timeout_secs: knob(
    'connectTimeoutMs',
    secs(0.1, 120),
    5,
    'One dial, from name resolution to the upgrade, in all.',
  ),
  ack_timeout_secs: knob(
    'ackTimeoutMs',
    secs(0.1, 120),
    5,
    'A subscription without an ack for so long is sent once more.',
  ),
  first_data_secs: knob(
    'firstDataMs',
    secs(0, 3600),
    10,
    'Data must come within this time of the ack; 0 does not ask.',
  ),
  close_timeout_secs: knob(
    'closeTimeoutMs',
    secs(0, 30),
    1,
    'How long a close waits for the venue before the socket is cut.',
  ),
  reliability_target_percent: knob(
    'reliabilityTargetPercent',
    percent(0, 100),
    95,
    'A notice when less than this share of the last 24 h had fresh data.',
  ),
  max_frame_mib: knob(
    'maxFrameBytes',
    mebibytes(0.0625, 1024),
    16,
    'A larger message ends the connection with 1009.',
    'redial',
  ),
  standby_overlap_secs: knob(
    'standbyOverlapMs',
    secs(0, 600),
    5,
    'How long the old socket stays open after another has taken over.',
  ),
  rotate_after_hours: knob(
    'rotateAfterMs',
    hours(0, 10_000),
    23,
    'A new socket takes over at this age, before the venue cuts the old one; 0 never rotates.',
  ),
  route_better_ms: knob(
    'routeBetterMs',
    millis(0, 10_000),
    10,
    'Another address must be faster by so much (p50) to be switched to.',
  ),
  route_better_percent: knob('routeBetterPercent', percent(0, 100), 20, 'And faster by this share.'),
  route_better_for_secs: knob('routeBetterForMs', secs(1, 86_400), 60, 'For so long without a break.'),
  route_dwell_secs: knob(
    'routeDwellMs',
    secs(0, 86_400),
    300,
    'After a switch the address stays for at least so long.',
  ),
  reconnect_below_success_percent: knob(
    'reconnectBelowSuccessPercent',
    percent(0, 100),
    90,
    'A lower share of answered pings (last 100, at least 20) forces a reconnect; 0 turns it off.',
  ),
  reconnect_above_p99_ms: knob(
    'reconnectAboveP99Ms',
    millis(0, 600_000),
    1000,
    'A higher p99 RTT of the last 100 pings forces a reconnect; 0 turns it off.',
  ),
  reconnect_after_missed: knob(
    'reconnectAfterMissed',
    countOf('pings', 0, 100),
    3,
    'So many pings in a row not answered in time force a reconnect; 0 turns it off.',
  ),
  policy_pause_secs: knob(
    'policyPauseMs',
    secs(10, 86_400),
    300,
    'A reconnect by one of these three rules is followed by no other for so long, only by an event and a notice.',
  ),
  fit_p99_ms: knob('fitP99Ms', millis(1, 600_000), 100, 'Fit for trading: p99 RTT of the last 100 pings below this.'),
  fit_success_percent: knob(
    'fitSuccessPercent',
    percent(0, 100),
    99,
    'Fit for trading: more than this share of them answered.',
  ),
  degraded_p95_ms: knob(
    'degradedP95Ms',
    millis(1, 600_000),
    100,
    'A higher p95 RTT over the last minute degrades the link.',
  ),
  degraded_failures: knob(
    'degradedFailures',
    countOf('failures', 0, 1000),
    3,
    'More failures in a row since the link was last stable make it unhealthy, not only degraded; with 0 the first one does.',
  ),
  degraded_factor: knob(
    'degradedFactor',
    factor(1.1, 100),
    2,
    'A p99 over 5 min above so many times the link’s own baseline is an alert.',
  ),
  standby: knob(
    'standby',
    plain(z.boolean()),
    false,
    'Keep a second socket up and subscribed, that takes over at once.',
  ),
  max_inflated_mib: knob(
    'maxInflatedBytes',
    mebibytes(0.0625, 4096),
    64,
    'A message that inflates to more ends the connection with 1009.',
    'redial',
  ),
  compression: knob(
    'compression',
    plain(z.boolean()),
    false,
    'Offer permessage-deflate. Costs memory and latency: off by default.',
    'redial',
  ),
} as const;

export const knobs = schemasOf(LINK_KNOBS);

export type KnobName = keyof typeof knobs;
export type KnobValues = { readonly [K in KnobName]: z.infer<(typeof knobs)[K]> };

/** What a link does when nothing says otherwise. */
export const BUILT_IN: KnobValues = builtInOf(LINK_KNOBS);

/** Named sets of values (row L5); a link's own keys win over its profile. */
export const PROFILES = {
  trading: {
    ping_interval_secs: 5,
    pong_timeout_secs: 3,
    initial_reconnect_delay_ms: 100,
    max_reconnect_delay_secs: 10,
    data_timeout_secs: 60,
    breaker_open_secs: 2,
  },
  monitoring: {
    ping_interval_secs: 15,
    pong_timeout_secs: 5,
    initial_reconnect_delay_ms: 100,
    max_reconnect_delay_secs: 30,
    data_timeout_secs: 300,
    breaker_open_secs: 10,
  },
  quiet: {
    ping_interval_secs: 15,
    pong_timeout_secs: 5,
    initial_reconnect_delay_ms: 1000,
    max_reconnect_delay_secs: 60,
    data_timeout_secs: 900,
    breaker_open_secs: 10,
    first_data_secs: 0,
  },
} as const satisfies Record<string, Partial<KnobValues>>;

export const PROFILE_NAMES = ['trading', 'monitoring', 'quiet'] as const satisfies readonly (keyof typeof PROFILES)[];

/** The keys of a link's or a preset's table; none is required. */
export function optionalKnobs(): Optional<typeof knobs> {
  return optionalOf(knobs);
}

/** The same for all links, in `[connection]`. */
export function connectionKnobs(): Prefixed<'ws_', typeof knobs> {
  return prefixedOf('ws_', knobs);
}
