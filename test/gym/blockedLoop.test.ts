import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EngineThread } from '../../src/main/hosts/engineThread.ts';
import type { LinkEvent } from '../../src/shared/events.ts';
import type { Preset } from '../../src/shared/preset.ts';
import type { Cause, Verdict } from '../../src/shared/verdict/verdict.ts';
import { engineConfig, JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { STAMPED } from './scripts.ts';
import { type Guest, GymVenue } from './venue.ts';

/** Incident 21 in real time: the thread that reads stands still, while the venue sends as fast as it is read. */
const BUDGET_BYTES = 256 * 1024;
const FILLER = 'x'.repeat(50_000);
const LONG_MS = 30_000;
let venue: GymVenue;
let thread: EngineThread;
let events: LinkEvent[];
let cuts: 'over budget' | 'never';
/** While the thread stands still: as much as fits, so that a busy test machine fills the buffers between, too. */
let floods: boolean;
const stops: (() => void)[] = [];

beforeEach(async () => {
  events = [];
  cuts = 'over budget';
  floods = false;
  venue = await GymVenue.open();
  venue.onGuest = feed;
  venue.onText = (guest, text) => {
    const { op, id } = JSON.parse(text);
    guest.ws.send(`{"op":"${op === 'ping' ? 'pong' : 'subscribed'}","id":${id}}`);
  };
  thread = new EngineThread(new URL('blockingEngine.ts', import.meta.url), () => undefined);
  thread.follow((client) => client.events(null, (more) => void events.push(...more)));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await thread.stop();
  await venue.close();
});

/** 10 MB/s, stamped; a client for whom too much waits in the venue's process is cut. */
function feed(guest: Guest): void {
  const timer = setInterval(() => {
    const waiting = guest.socket.writableLength;
    if (waiting > BUDGET_BYTES && cuts === 'over budget') guest.socket.destroy();
    for (let i = 0; i < (floods ? 50 : 1) && guest.socket.writableLength <= BUDGET_BYTES; i += 1)
      guest.ws.send(`{"s":"BTC","E":${Date.now()},"x":"${FILLER}"}`);
  }, 5);
  const stop = (): void => clearInterval(timer);
  guest.ws.on('close', stop);
  stops.push(stop);
}

const told = (kind: LinkEvent['happening']['kind']) => events.filter(({ happening }) => happening.kind === kind);
const verdicts = (): Verdict[] =>
  events.flatMap(({ happening }) => (happening.kind === 'verdict' ? [happening.verdict] : []));

async function runs(preset: Preset = STAMPED): Promise<void> {
  const config = linkConfig({
    url: venue.url,
    dialUrl: venue.url,
    preset,
    subscriptions: [subscription('BTC')],
    expectsData: true,
  });
  await thread.configure(engineConfig([config]));
  await vi.waitFor(() => expect(told('restored')).toHaveLength(1), LONG_MS);
  const from = Date.now();
  await vi.waitFor(() => expect(Date.now() - from).toBeGreaterThan(3_000), LONG_MS);
  expect(verdicts()).toEqual([]);
}

async function blocked(ms: number): Promise<void> {
  floods = true;
  await thread.client.acknowledgeFailure({ link: String(ms) });
  floods = false;
}

/** Whether old messages are still read before the cut is told is the system's to say; it is played in order in `incidents`. */
const CASES: readonly [what: string, preset: Preset, causes: readonly Cause[]][] = [
  ['2 s', STAMPED, ['slow consumer', 'local stall']],
  ['2 s, at a venue that stamps nothing', JSON_PRESET, ['local stall']],
];

it.each(CASES)(
  '[L20] 21. the loop that reads stands still for %s, and the venue cuts us for it: this machine’s doing',
  async (_what, preset, causes) => {
    await runs(preset);
    await blocked(2_000);
    await vi.waitFor(() => expect(told('socket-ended')).toHaveLength(1), LONG_MS);
    await vi.waitFor(() => expect(verdicts().length).toBeGreaterThan(0), LONG_MS);
    expect(verdicts().at(-1)).toMatchObject({ blame: 'this machine' });
    expect(causes).toContain(verdicts().at(-1)?.cause);
    await vi.waitFor(() => expect(told('restored')).toHaveLength(2), LONG_MS);
    expect(venue.guests).toHaveLength(2);
  },
  2 * LONG_MS,
);

it(
  '[L20] 21. near miss: the same stall where the venue waits: the socket is kept, and old messages are this machine’s doing',
  async () => {
    cuts = 'never';
    await runs();
    await blocked(2_000);
    const from = Date.now();
    await vi.waitFor(() => expect(Date.now() - from).toBeGreaterThan(5_000), LONG_MS);
    expect(told('socket-ended')).toEqual([]);
    expect(venue.guests).toHaveLength(1);
    // A machine that is busy with other tests may show no lag; what it shows is its own doing.
    for (const verdict of verdicts()) expect(verdict).toMatchObject({ cause: 'slow consumer', blame: 'this machine' });
  },
  2 * LONG_MS,
);

it(
  '[L20] 21. near miss: a cut without a stall is an abnormal close, and not this machine’s',
  async () => {
    await runs();
    venue.newest.socket.resetAndDestroy();
    await vi.waitFor(() => expect(verdicts()).toHaveLength(1), LONG_MS);
    expect(verdicts()[0]).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
  },
  2 * LONG_MS,
);
