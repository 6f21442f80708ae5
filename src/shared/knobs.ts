import { z } from 'zod';
import { key, number, type Optional, optionalOf, type Prefixed, prefixedOf, whole } from './settingsKey.ts';

export const JITTERS = ['proportional', 'symmetric', 'additive', 'full', 'equal', 'decorrelated'] as const;
export type Jitter = (typeof JITTERS)[number];

/**
 * Every behaviour of a link that can be tuned. A link or a preset sets it by this name; `[connection]` sets it for all
 * links by the same name with `ws_` in front.
 */
export const knobs = {
  ping_interval_secs: key(number(0.1, 3600), 'live', 's', 'Time between two pings on an idle link.'),
  pong_timeout_secs: key(
    number(0.1, 300),
    'live',
    's',
    'A pong later than this, or than 4 x p99 RTT (at least 1 s), makes the link suspect.',
  ),
  missed_pongs: key(whole(1, 20), 'live', 'pings', 'Probes in a row that must go unanswered before the link is dead.'),
  warmup_pings: key(whole(0, 100), 'live', 'pings', 'Pings at 1 s after a connect, to fill the RTT window quickly.'),
  initial_reconnect_delay_ms: key(number(10, 600_000), 'live', 'ms', 'Wait before the first reconnect.'),
  max_reconnect_delay_secs: key(
    number(0.1, 86_400),
    'live',
    's',
    'The longest wait between two attempts, before jitter.',
  ),
  backoff_multiplier: key(number(1, 10), 'live', '', 'Each wait is the last one times this.'),
  jitter: key(z.enum(JITTERS), 'live', '', 'How waits are spread, so that many clients do not dial at once.'),
  jitter_factor: key(number(0, 1), 'live', '', 'Share of the wait that is random, with proportional jitter.'),
  max_attempts: key(whole(0, 1_000_000), 'live', 'attempts', 'Give up after so many attempts; 0 never gives up.'),
  stable_after_secs: key(number(0, 3600), 'live', 's', 'A link up for this long starts counting attempts anew.'),
  breaker_failures: key(whole(0, 1000), 'live', 'failures', 'Failures in a row that open the breaker; 0 turns it off.'),
  breaker_open_secs: key(number(0.1, 3600), 'live', 's', 'How long an open breaker keeps the link from dialling.'),
  slow_retry_secs: key(
    number(0.1, 86_400),
    'live',
    's',
    'The least wait after the venue limited the rate (429, 418 without Retry-After) or did not know the address.',
  ),
  fault_retry_secs: key(
    number(0, 86_400),
    'live',
    's',
    'Wait after a fault that a new socket would meet again (broken protocol, certificate); 0 waits for you.',
  ),
  slot_retry_secs: key(
    number(0.1, 3600),
    'live',
    's',
    'Wait while the venue still holds the slot of our dead connection.',
  ),
  data_timeout_secs: key(
    number(1, 86_400),
    'live',
    's',
    'No data for so long forces a reconnect, although pongs come.',
  ),
  data_notice_secs: key(number(1, 86_400), 'live', 's', 'No data for so long is a notice: the link is degraded.'),
  quiet_limit_secs: key(
    number(1, 86_400),
    'live',
    's',
    'Once the venue has proved to be merely quiet, data_timeout_secs doubles up to this until data flow; not if it is longer.',
  ),
  connect_timeout_secs: key(number(0.1, 120), 'live', 's', 'One dial, from name resolution to the upgrade, in all.'),
  ack_timeout_secs: key(number(0.1, 120), 'live', 's', 'A subscription without an ack for so long is sent once more.'),
  first_data_secs: key(number(0, 3600), 'live', 's', 'Data must come within this time of the ack; 0 does not ask.'),
  close_timeout_secs: key(number(0, 30), 'live', 's', 'How long a close waits for the venue before the socket is cut.'),
  reliability_target_percent: key(
    number(0, 100),
    'live',
    '%',
    'A notice when less than this share of the last 24 h had fresh data.',
  ),
  max_frame_mib: key(number(0.0625, 1024), 'redial', 'MiB', 'A larger message ends the connection with 1009.'),
  standby_overlap_secs: key(
    number(0, 600),
    'live',
    's',
    'How long the old socket stays open after another has taken over.',
  ),
  rotate_after_hours: key(
    number(0, 10_000),
    'live',
    'h',
    'A new socket takes over at this age, before the venue cuts the old one; 0 never rotates.',
  ),
  route_better_ms: key(
    number(0, 10_000),
    'live',
    'ms',
    'Another address must be faster by so much (p50) to be switched to.',
  ),
  route_better_percent: key(number(0, 100), 'live', '%', 'And faster by this share.'),
  route_better_for_secs: key(number(1, 86_400), 'live', 's', 'For so long without a break.'),
  route_dwell_secs: key(number(0, 86_400), 'live', 's', 'After a switch the address stays for at least so long.'),
  reconnect_below_success_percent: key(
    number(0, 100),
    'live',
    '%',
    'A lower share of answered pings (last 100, at least 20) forces a reconnect; 0 turns it off.',
  ),
  reconnect_above_p99_ms: key(
    number(0, 600_000),
    'live',
    'ms',
    'A higher p99 RTT of the last 100 pings forces a reconnect; 0 turns it off.',
  ),
  reconnect_after_missed: key(
    whole(0, 100),
    'live',
    'pings',
    'So many pings in a row not answered in time force a reconnect; 0 turns it off.',
  ),
  policy_pause_secs: key(
    number(10, 86_400),
    'live',
    's',
    'A reconnect by one of these three rules is followed by no other for so long, only by an event and a notice.',
  ),
  fit_p99_ms: key(number(1, 600_000), 'live', 'ms', 'Fit for trading: p99 RTT of the last 100 pings below this.'),
  fit_success_percent: key(number(0, 100), 'live', '%', 'Fit for trading: more than this share of them answered.'),
  degraded_p95_ms: key(number(1, 600_000), 'live', 'ms', 'A higher p95 RTT over the last minute degrades the link.'),
  degraded_failures: key(
    whole(0, 1000),
    'live',
    'failures',
    'More failures in a row since the link was last stable make it unhealthy, not only degraded; with 0 the first one does.',
  ),
  degraded_factor: key(
    number(1.1, 100),
    'live',
    '',
    'A p99 over 5 min above so many times the link’s own baseline is an alert.',
  ),
  standby: key(z.boolean(), 'live', '', 'Keep a second socket up and subscribed, that takes over at once.'),
  max_inflated_mib: key(
    number(0.0625, 4096),
    'redial',
    'MiB',
    'A message that inflates to more ends the connection with 1009.',
  ),
  compression: key(z.boolean(), 'redial', '', 'Offer permessage-deflate. Costs memory and latency: off by default.'),
} as const;

export type KnobName = keyof typeof knobs;
export type KnobValues = { readonly [K in KnobName]: z.infer<(typeof knobs)[K]> };

/** What a link does when nothing says otherwise. */
export const BUILT_IN: KnobValues = {
  ping_interval_secs: 15,
  pong_timeout_secs: 5,
  missed_pongs: 3,
  warmup_pings: 20,
  initial_reconnect_delay_ms: 100,
  max_reconnect_delay_secs: 30,
  backoff_multiplier: 2,
  jitter: 'proportional',
  jitter_factor: 0.1,
  max_attempts: 0,
  stable_after_secs: 30,
  breaker_failures: 3,
  breaker_open_secs: 10,
  slow_retry_secs: 30,
  fault_retry_secs: 300,
  slot_retry_secs: 10,
  data_timeout_secs: 300,
  data_notice_secs: 60,
  quiet_limit_secs: 900,
  connect_timeout_secs: 5,
  ack_timeout_secs: 5,
  first_data_secs: 10,
  close_timeout_secs: 1,
  reliability_target_percent: 95,
  max_frame_mib: 16,
  standby_overlap_secs: 5,
  rotate_after_hours: 23,
  route_better_ms: 10,
  route_better_percent: 20,
  route_better_for_secs: 60,
  route_dwell_secs: 300,
  reconnect_below_success_percent: 90,
  reconnect_above_p99_ms: 1000,
  reconnect_after_missed: 3,
  policy_pause_secs: 300,
  fit_p99_ms: 100,
  fit_success_percent: 99,
  degraded_p95_ms: 100,
  degraded_failures: 3,
  degraded_factor: 2,
  standby: false,
  max_inflated_mib: 64,
  compression: false,
};

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
