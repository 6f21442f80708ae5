/**
 * How long from the venue's reset to the first data after all acks? Each trial stands beside a bare `ws` that dials,
 * subscribes and waits for the same first data, in turns and each out of the same rest, so that both start equally cold.
 *
 * What Warmwire may take without standby: its own first backoff delay (a value of the policy, drawn anew each time) plus
 * 1.2 times the bare handshake and subscribe.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { createDial } from '../src/main/engine/link/transport.ts';
import type { Dial } from '../src/main/engine/ports.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { type LinkConfig, type Policy, PolicySchema } from '../src/shared/engineConfig.ts';
import type { LinkEvent } from '../src/shared/events.ts';
import { BUILT_IN } from '../src/shared/knobs.ts';
import { JSON_PRESET, subscription } from '../test/support/linkConfig.ts';
import { nowMs, scaled, until } from './_clock.ts';
import { answer, benchLink, heardBy, openPeer, PEERS, run, startEngine, withDials } from './_links.ts';
import { exactPercentile, printReport, round } from './_report.ts';
import type { VenueAnswer, VenueOrder, VenuePorts } from './_venue.ts';

const TRIALS = scaled(500, 20);
const DEFAULT_TRIALS = scaled(20, 3);
const PEER_TRIALS = scaled(20, 3);
const ROTATIONS = scaled(1000, 20);
const CAP_MS = 60_000;
const SYMBOLS = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD', 'ADA-USD'];
/** Every dial of these benches goes to one origin; its limit of dials a second is not what is measured here. */
const DIALS_PER_SEC = 1000;

const venue = new Worker(new URL('_venue.ts', import.meta.url));
const ports = await answer<VenuePorts>(venue);
const onReset = new Map<string, (answer: VenueAnswer) => void>();
venue.on('message', (reset: VenueAnswer) => onReset.get(reset.name)?.(reset));

/** Resets the socket of this name; resolves with when that was. */
async function reset(name: string, nth?: number): Promise<number> {
  const answered = new Promise<VenueAnswer>((resolve) => onReset.set(name, resolve));
  venue.postMessage({ order: 'reset', name, ...(nth === undefined ? {} : { nth }) } satisfies VenueOrder);
  const { at, sockets } = await answered;
  if (sockets !== 1) throw new Error(`could not measure: ${sockets} sockets of ${name} were reset`);
  return at;
}

/** The address of a stream at the venue. */
const urlOf = (name: string, rate = 10): string =>
  `ws://127.0.0.1:${ports.venue}/${name}?rate=${rate}&subs=${SYMBOLS.length}`;

function subscribed(name: string, policy: Partial<Policy> = {}, rate = 10): LinkConfig {
  return benchLink(
    name,
    urlOf(name, rate),
    { preset: withDials(JSON_PRESET, DIALS_PER_SEC), subscriptions: SYMBOLS.map(subscription), expectsData: true },
    policy,
  );
}

/** What one recovery was made of, ms. `ownMs`: all of it but the backoff delay that the policy asked for. */
interface Recovery {
  readonly totalMs: number;
  readonly delayMs: number;
  readonly ownMs: number;
  readonly noticeMs: number;
  readonly waitOverMs: number;
  readonly dialMs: number;
}

/** The moments of a link's last recovery, by the events. */
class Watch {
  lostAt = Number.NaN;
  delayMs = Number.NaN;
  dialledAt = Number.NaN;
  restoredAt: number | null = null;

  take({ happening }: LinkEvent): void {
    const now = nowMs();
    if (happening.kind === 'socket-ended') {
      this.lostAt = now;
      this.restoredAt = null;
    }
    if (happening.kind === 'restored' || happening.kind === 'replaced') {
      this.restoredAt = now;
    }
    if (happening.kind !== 'state') return;
    if (happening.to.kind === 'waiting') this.delayMs = happening.to.delayMs;
    if (happening.to.kind === 'connecting' && happening.from.kind !== 'connecting') this.dialledAt = now;
  }

  recovery(resetAt: number): Recovery {
    const totalMs = (this.restoredAt ?? Number.NaN) - resetAt;
    return {
      totalMs,
      delayMs: this.delayMs,
      ownMs: totalMs - this.delayMs,
      noticeMs: this.lostAt - resetAt,
      waitOverMs: this.dialledAt - this.lostAt - this.delayMs,
      dialMs: (this.restoredAt ?? Number.NaN) - this.dialledAt,
    };
  }
}

async function recover(name: string, watch: Watch): Promise<Recovery> {
  watch.restoredAt = null;
  const resetAt = await reset(name);
  await until(`${name} back`, () => watch.restoredAt !== null && watch.restoredAt > resetAt, CAP_MS);
  return watch.recovery(resetAt);
}

/** A bare `ws`: dial, five subscribes, five acks, first data. */
function bare(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = nowMs();
    const ws = new WebSocket(url, { perMessageDeflate: false });
    let acks = 0;
    ws.on('open', () => {
      for (const [index, symbol] of SYMBOLS.entries()) ws.send(`{"op":"sub","s":"${symbol}","id":${index + 1}}`);
    });
    ws.on('message', (data) => {
      if (String(data).includes('"op":"subscribed"')) acks += 1;
      else if (acks === SYMBOLS.length) {
        resolve(nowMs() - from);
        ws.terminate();
      }
    });
    ws.on('error', reject);
  });
}

interface Compared {
  readonly recoveries: readonly Recovery[];
  readonly bareMs: readonly number[];
}

/** One link that is stable at once and has no breaker, reset again and again, in turns with the bare `ws`. */
async function withoutStandby(trials: number): Promise<Compared> {
  const watch = new Watch();
  const engine = startEngine((event) => watch.take(event));
  await run(engine, [subscribed('again', { stableAfterMs: 0, breakerFailures: 0 })]);
  await until('the link up', () => watch.restoredAt !== null, 30_000);
  const recoveries: Recovery[] = [];
  const bareMs: number[] = [];
  const rest = (): Promise<unknown> => sleep(BUILT_IN.initial_reconnect_delay_ms);
  const warmup = Math.ceil(trials / 10);
  for (let trial = -warmup; trial < trials; trial += 1) {
    await rest();
    const own = await recover('again', watch);
    await rest();
    const other = await bare(urlOf('bare'));
    if (trial < 0) continue;
    recoveries.push(own);
    bareMs.push(other);
  }
  await engine.shutdown(null);
  return { recoveries, bareMs };
}

/** Links at full defaults, each reset once after it has become stable. */
async function withDefaults(count: number): Promise<Compared> {
  const names = Array.from({ length: count }, (_, index) => `default-${index}`);
  const watches = new Map(names.map((name) => [name, new Watch()]));
  const engine = startEngine((event) => watches.get(event.link)?.take(event));
  await run(
    engine,
    names.map((name) => subscribed(name)),
  );
  await until('all links up', () => [...watches.values()].every(({ restoredAt }) => restoredAt !== null), 30_000);
  await sleep(BUILT_IN.stable_after_secs * 1000 + 500);
  const recoveries: Recovery[] = [];
  const bareMs: number[] = [];
  for (const [name, watch] of watches) {
    recoveries.push(await recover(name, watch));
    await sleep(BUILT_IN.initial_reconnect_delay_ms);
    bareMs.push(await bare(urlOf('bare')));
    await sleep(BUILT_IN.initial_reconnect_delay_ms);
  }
  await engine.shutdown(null);
  return { recoveries, bareMs };
}

/** The same reset of the same venue for a peer, which is resubscribed by its user as soon as it is open. */
async function ofPeer(peerName: (typeof PEERS)[number], count: number): Promise<readonly number[]> {
  const peers = Array.from({ length: count }, (_, index) => {
    const name = `${peerName}-${index}`;
    const state = { name, acks: 0, dataAt: null as number | null, peer: openPeer(peerName, urlOf(name)) };
    state.peer.onOpen = (send) => {
      state.acks = 0;
      for (const [id, symbol] of SYMBOLS.entries()) send(`{"op":"sub","s":"${symbol}","id":${id + 1}}`);
    };
    state.peer.onMessage = (text) => {
      if (text.includes('"op":"subscribed"')) state.acks += 1;
      else if (state.acks === SYMBOLS.length) state.dataAt ??= nowMs();
    };
    return state;
  });
  await until(`${peerName} open`, () => peers.every(({ dataAt }) => dataAt !== null), 30_000);
  // Their `minUptime`, after which they start with the shortest delay.
  await sleep(5_500);
  const taken = await Promise.all(
    peers.map(async (state) => {
      state.dataAt = null;
      state.acks = 0;
      const at = await reset(state.name);
      const from = nowMs();
      while (state.dataAt === null && nowMs() - from < CAP_MS) await sleep(20);
      return state.dataAt === null ? CAP_MS : state.dataAt - at;
    }),
  );
  for (const { peer } of peers) peer.close();
  return taken;
}

/** The engine does not have standby and planned rotation before its policy does. */
const hasStandby = 'standby' in PolicySchema.shape;
/** Default 5 s; a thousand rotations cannot wait so long. */
const OVERLAP_MS = 50;
const ROTATE_AFTER_MS = 100;

/** STANDBY, only run where the policy has it: from the end of the socket in use to the standby in its place, ms. */
async function withStandby(trials: number): Promise<readonly number[]> {
  let ready = false;
  let generation = 0;
  let spare = 0;
  let lostAt = Number.NaN;
  let promotedAt: number | null = null;
  const engine = startEngine((event) => {
    const { happening } = event;
    const now = nowMs();
    if (happening.kind === 'restored' && generation === 0) generation = event.generation;
    if (happening.kind === 'standby') {
      ready = happening.ready;
      if (ready) spare = event.generation;
    }
    if (happening.kind === 'socket-ended') lostAt = now;
    if (happening.kind === 'promoted') {
      ready = false;
      generation = spare;
      promotedAt = now;
    }
  });
  await run(engine, [subscribed('standby', { stableAfterMs: 0, breakerFailures: 0, standby: true })]);
  const taken: number[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    await until('a standby', () => ready, CAP_MS);
    await sleep(50);
    promotedAt = null;
    lostAt = Number.NaN;
    const resetAt = await reset('standby', generation);
    await until('the standby in use', () => promotedAt !== null, CAP_MS);
    taken.push((promotedAt ?? Number.NaN) - (Number.isNaN(lostAt) ? resetAt : lostAt));
  }
  await engine.shutdown(null);
  return taken;
}

interface Rotated {
  readonly rotations: number;
  /** Numbers that no socket brought, of all that lie between the first and the last. */
  readonly missed: number;
  readonly messages: number;
  /** The same as the engine itself has proved it, summed over its handovers. */
  readonly provenMissed: number;
}

/** ROTATION, only run where the policy has it: one link that rotates again and again under 500 messages/s. */
async function missedInRotations(rotations: number): Promise<Rotated> {
  const seen = new Set<number>();
  const real = createDial(systemClock);
  const tapped: Dial = (target, listener) =>
    real(
      target,
      heardBy(
        {
          message: (frame) => {
            const seq = /"seq":(\d+)/.exec(frame.toString('latin1'))?.[1];
            if (seq !== undefined) seen.add(Number(seq));
          },
        },
        listener,
      ),
    );
  let done = 0;
  let provenMissed = 0;
  const engine = startEngine(({ happening }) => {
    if (happening.kind !== 'handover') return;
    done += 1;
    provenMissed += happening.missed ?? 0;
  }, tapped);
  const link = subscribed(
    'rotation',
    { stableAfterMs: 0, rotateAfterMs: ROTATE_AFTER_MS, standbyOverlapMs: OVERLAP_MS },
    500,
  );
  const watched = { data: ['"s":"BTC-USD"'], sequence: { field: 'seq' }, identity: 'seq' };
  await run(engine, [
    { ...link, subscriptions: link.subscriptions.map((one, index) => (index === 0 ? { ...one, ...watched } : one)) },
  ]);
  await until(`${rotations} rotations`, () => done >= rotations, rotations * 2000);
  await engine.shutdown(null);
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  for (const seq of seen) {
    lowest = Math.min(lowest, seq);
    highest = Math.max(highest, seq);
  }
  const messages = highest - lowest + 1;
  return { rotations: done, missed: messages - seen.size, messages, provenMissed };
}

process.stdout.write(
  `server reset to first data after ${SYMBOLS.length} acks, loopback; dials per origin allowed: ${DIALS_PER_SEC}/s\n` +
    `${TRIALS} trials of one link with stable_after 0 and the breaker off, ${DEFAULT_TRIALS} of links at full defaults, ${PEER_TRIALS} of each peer at its defaults\n`,
);
const again = await withoutStandby(TRIALS);
const defaults = await withDefaults(DEFAULT_TRIALS);
const peers: { readonly name: string; readonly takenMs: readonly number[] }[] = [];
for (const name of PEERS) peers.push({ name, takenMs: await ofPeer(name, PEER_TRIALS) });
const promotedMs = hasStandby ? await withStandby(TRIALS) : null;
const rotated = hasStandby ? await missedInRotations(ROTATIONS) : null;
await venue.terminate();

const p = (values: readonly number[], q: number): number => round(exactPercentile(values, q));
const line = (name: string, values: readonly number[]): string =>
  `${name.padEnd(44)}${[0.5, 0.99, 1].map((q) => p(values, q).toFixed(2).padStart(11)).join('')}${String(values.length).padStart(8)}\n`;
const of = (compared: Compared, part: keyof Recovery): readonly number[] => compared.recoveries.map((one) => one[part]);
process.stdout.write(
  `${'ms'.padEnd(44)}${'p50'.padStart(11)}${'p99'.padStart(11)}${'max'.padStart(11)}  trials\n` +
    line('bare ws: dial, subscribe, first data', again.bareMs) +
    line('warmwire: reset to first data', of(again, 'totalMs')) +
    line('  of that the policy’s backoff delay', of(again, 'delayMs')) +
    line('  all else', of(again, 'ownMs')) +
    line('    until the loss is noticed', of(again, 'noticeMs')) +
    line('    longer waited than the delay', of(again, 'waitOverMs')) +
    line('    dial, subscribe, first data', of(again, 'dialMs')) +
    line('at full defaults: reset to first data', of(defaults, 'totalMs')) +
    line('  all else but the backoff delay', of(defaults, 'ownMs')) +
    line('  bare ws beside it', defaults.bareMs) +
    peers.map(({ name, takenMs }) => line(`${name} at its defaults`, takenMs)).join('') +
    (promotedMs === null ? '' : line('with standby: from detection', promotedMs)) +
    (rotated === null
      ? ''
      : `${rotated.rotations} planned rotations under 500 messages/s, overlap ${OVERLAP_MS} ms: ${rotated.missed} of ${rotated.messages} messages missed (${rotated.provenMissed} by the engine’s own proof)\n`) +
    (hasStandby ? '' : 'with standby and planned rotation: not measured, the engine does not have them\n'),
);
printReport({
  bench: 'recover',
  figures: {
    trials: again.recoveries.length,
    bare_p50_ms: p(again.bareMs, 0.5),
    bare_p99_ms: p(again.bareMs, 0.99),
    recover_p50_ms: p(of(again, 'totalMs'), 0.5),
    recover_p99_ms: p(of(again, 'totalMs'), 0.99),
    own_p50_ms: p(of(again, 'ownMs'), 0.5),
    own_p99_ms: p(of(again, 'ownMs'), 0.99),
    wait_over_p50_ms: p(of(again, 'waitOverMs'), 0.5),
    dial_p50_ms: p(of(again, 'dialMs'), 0.5),
    defaults_trials: defaults.recoveries.length,
    defaults_recover_p50_ms: p(of(defaults, 'totalMs'), 0.5),
    defaults_recover_max_ms: p(of(defaults, 'totalMs'), 1),
    defaults_own_p50_ms: p(of(defaults, 'ownMs'), 0.5),
    ...Object.fromEntries(
      peers.flatMap(({ name, takenMs }) => {
        const key = name.replaceAll('-', '_');
        return [
          [`${key}_p50_ms`, p(takenMs, 0.5)],
          [`${key}_p99_ms`, p(takenMs, 0.99)],
        ];
      }),
    ),
    ...(promotedMs === null ? {} : { standby_p99_ms: p(promotedMs, 0.99) }),
    ...(rotated === null
      ? {}
      : {
          rotation_missed: rotated.missed,
          rotation_messages: rotated.messages,
          rotation_proven_missed: rotated.provenMissed,
        }),
  },
  ratios: {
    own_p50_to_bare: round(exactPercentile(of(again, 'ownMs'), 0.5) / exactPercentile(again.bareMs, 0.5)),
    own_p99_to_bare: round(exactPercentile(of(again, 'ownMs'), 0.99) / exactPercentile(again.bareMs, 0.99)),
    dial_p50_to_bare: round(exactPercentile(of(again, 'dialMs'), 0.5) / exactPercentile(again.bareMs, 0.5)),
    defaults_own_p50_to_bare: round(
      exactPercentile(of(defaults, 'ownMs'), 0.5) / exactPercentile(defaults.bareMs, 0.5),
    ),
  },
  aims: {
    own_p50_to_bare: 1.2,
    own_p99_to_bare: 1.2,
    defaults_own_p50_to_bare: 1.2,
    ...(promotedMs === null ? {} : { standby_p99_ms: 5 }),
    ...(rotated === null ? {} : { rotation_missed: 0 }),
  },
});
