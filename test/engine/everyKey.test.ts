import { afterEach, beforeEach, expect, it } from 'vitest';
import { diffSettings } from '../../src/main/settings/diff.ts';
import { ok } from '../../src/shared/outcome.ts';
import { ConnectionSchema, LinkSchema } from '../../src/shared/settings.ts';
import { factsOf } from '../../src/shared/settingsKey.ts';
import { GYM_CA, GymVenue } from '../gym/venue.ts';
import { resolved } from '../settings/fixtures.ts';
import { EngineRig } from '../support/engineRig.ts';

let rig: EngineRig;
let venue: GymVenue;
let other: GymVenue;

beforeEach(async () => {
  rig = new EngineRig();
  venue = await GymVenue.open();
  other = await GymVenue.open();
  for (const place of [venue, other]) place.onText = answer;
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
  await other.close();
});

/** Speaks the demo dialects, so that any preset of theirs comes up. */
function answer({ ws }: GymVenue['newest'], text: string): void {
  if (!text.startsWith('{')) return;
  const { op, id, symbol } = JSON.parse(text);
  if (op === 'ping') ws.send(`{"op":"pong","id":${id}}`);
  if (op === 'subscribe') ws.send(`{"op":"subscribed","id":${id}}`);
  if (op === 'subscribe') ws.send(`{"channel":"ticker","symbol":"${symbol}"}`);
}

/** Another value than in force, for every key a link may have. A key without one fails the test: say what it does. */
const ANOTHER: Readonly<Record<string, string>> = {
  url: 'OTHER',
  preset: '"demo_tokyo"',
  enabled: 'false',
  profile: '"quiet"',
  subscribe: '["ticker:ETH-USD"]',
  subscribe_raw: '["{}"]',
  expects_data: 'false',
  ca_file: '"own.pem"',
  ping_interval_secs: '2',
  pong_timeout_secs: '4',
  missed_pongs: '5',
  warmup_pings: '3',
  initial_reconnect_delay_ms: '150',
  max_reconnect_delay_secs: '20',
  backoff_multiplier: '3',
  jitter: '"full"',
  jitter_factor: '0.2',
  max_attempts: '9',
  stable_after_secs: '20',
  breaker_failures: '5',
  breaker_open_secs: '20',
  data_timeout_secs: '200',
  data_notice_secs: '50',
  quiet_limit_secs: '600',
  connect_timeout_secs: '4',
  ack_timeout_secs: '4',
  first_data_secs: '9',
  close_timeout_secs: '2',
  reliability_target_percent: '90',
  more_urls: '["wss://elsewhere.example/"]',
  watch_sequence: '["ticker:BTC-USD"]',
  rotation_windows: '["daily 03:00-04:00"]',
  time_zone: '"Asia/Tokyo"',
  slow_retry_secs: '20',
  fault_retry_secs: '100',
  slot_retry_secs: '5',
  standby_overlap_secs: '2',
  rotate_after_hours: '12',
  route_better_ms: '5',
  route_better_percent: '10',
  route_better_for_secs: '30',
  route_dwell_secs: '100',
  reconnect_below_success_percent: '80',
  reconnect_above_p99_ms: '500',
  reconnect_after_missed: '5',
  policy_pause_secs: '60',
  fit_p99_ms: '50',
  fit_success_percent: '98',
  degraded_p95_ms: '50',
  degraded_failures: '5',
  degraded_factor: '3',
  standby: 'true',
  max_inflated_mib: '32',
  max_frame_mib: '8',
  compression: 'true',
};

const configOf = (link: Readonly<Record<string, string>>, connection = '') => {
  const keys = { url: `"${venue.url}"`, preset: '"demo_frankfurt"', subscribe: '["ticker:BTC-USD"]', ...link };
  const body = Object.entries(keys).map(([key, value]) => `${key} = ${value === 'OTHER' ? `"${other.url}"` : value}`);
  return resolved(`[connection]\n${connection}\n[link.venue]\n${body.join('\n')}\n`, { readCa: () => ok(GYM_CA) })
    .config;
};

async function whatHappensTo(
  before: ReturnType<typeof configOf>,
  after: ReturnType<typeof configOf>,
): Promise<'redial' | 'stays' | 'paused'> {
  await rig.engine.configure(before);
  await rig.state('up');
  await rig.engine.configure(after);
  const view = rig.link();
  if (view?.state.kind === 'closing' || view?.state.kind === 'paused') return 'paused';
  if (view?.about.replacing === null && view.about.generation === 1) {
    expect(venue.guests.length + other.guests.length).toBe(1);
    expect(venue.present.map(({ id }) => id)).toEqual([1]);
    return 'stays';
  }
  await rig.until(() => rig.link()?.about.generation === 2);
  return 'redial';
}

it.each(Object.keys(LinkSchema.shape))(
  '[D3] a changed %s does to the socket what its mark says, and the preview said so, and the event by the same keys',
  async (key) => {
    const value = ANOTHER[key];
    if (value === undefined) throw new Error(`${key} has no other value in this test`);
    const effect = factsOf(LinkSchema.shape[key as keyof typeof LinkSchema.shape])?.effect;
    const [before, after] = [configOf({}), configOf({ [key]: value })];
    const expected = key === 'enabled' ? 'paused' : effect === 'redial' ? 'redial' : 'stays';
    const [change] = diffSettings(before, after);
    expect(change?.effect).toBe(key === 'enabled' ? 'paused' : effect);
    expect(await whatHappensTo(before, after)).toBe(expected);
    const told = rig.events.flatMap(({ happening }) => (happening.kind === 'settings' ? [happening.changed] : []));
    expect(told.map((keys) => [...keys].sort())).toEqual([change?.keys.map((one) => one.key).sort()]);
  },
);

const connectionKeys = Object.keys(ConnectionSchema.shape).filter((key) => key.startsWith('ws_'));

it.each(connectionKeys)(
  '[D3] a changed %s of [connection] does the same for a link that has no value of its own',
  async (key) => {
    const name = key.slice('ws_'.length);
    if (name === 'ping_interval_secs') return expect(configOf({}, `${key} = 2`)).toEqual(configOf({}));
    const effect = factsOf(ConnectionSchema.shape[key as keyof typeof ConnectionSchema.shape])?.effect;
    const [before, after] = [configOf({}), configOf({}, `${key} = ${ANOTHER[name]}`)];
    expect(await whatHappensTo(before, after)).toBe(effect === 'redial' ? 'redial' : 'stays');
  },
);
