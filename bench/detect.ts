/**
 * How fast is a frozen connection noticed? Links of 10 messages/s through a TCP relay that stops forwarding both ways and
 * keeps the sockets open, everything at its default. Beside them, the whole time: links that are never frozen, and links
 * with 2 % of their messages 500 ms late; none of those may ever become suspect.
 *
 * Every link is frozen at a random moment of its ping interval, one that has been stable for its first 30 s.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { BUILT_IN } from '../src/shared/knobs.ts';
import { nowMs, scaled, until } from './_clock.ts';
import { answer, benchLink, openPeer, PEERS, type Peer, type PeerName, run, startEngine } from './_links.ts';
import { exactPercentile, printReport, round } from './_report.ts';
import type { VenueAnswer, VenueOrder, VenuePorts } from './_venue.ts';

const LINKS = scaled(50, 2);
const ROUNDS = scaled(4, 1);
const STABLE_MS = scaled(BUILT_IN.stable_after_secs * 1000, 4000);
const SPREAD_MS = scaled(BUILT_IN.ping_interval_secs * 1000);
const CAP_MS = scaled(60_000, 20_000);

type Group = 'trial' | 'clean' | 'late';
interface Trial {
  frozenAt: number;
  suspectAt: number | null;
  deadAt: number | null;
  endedBy: string | null;
}

const venue = new Worker(new URL('_venue.ts', import.meta.url));
const ports = await answer<VenuePorts>(venue);
const onFrozen = new Map<string, (at: number) => void>();
venue.on('message', ({ name, at }: VenueAnswer) => onFrozen.get(name)?.(at));
const freeze = (name: string): Promise<number> =>
  new Promise((resolve) => {
    onFrozen.set(name, resolve);
    venue.postMessage({ order: 'freeze', name } satisfies VenueOrder);
  });

const running = new Map<string, Trial>();
const up = new Set<string>();
const falseSuspects: Record<Group, number> = { trial: 0, clean: 0, late: 0 };
let endedUnfrozen = 0;
let over = false;
const engine = startEngine(({ link, happening }) => {
  const now = nowMs();
  const group = link.split('-')[0] as Group;
  const trial = running.get(link);
  if (happening.kind === 'socket-ended') {
    if (trial === undefined) endedUnfrozen += over ? 0 : 1;
    else {
      trial.deadAt ??= now;
      trial.endedBy ??= happening.reason.kind;
    }
  }
  if (happening.kind !== 'state') return;
  if (happening.to.kind === 'up') up.add(link);
  else up.delete(link);
  if (happening.to.kind !== 'suspect') return;
  if (trial === undefined) falseSuspects[group] += 1;
  else trial.suspectAt ??= now;
});

const group = (name: Group, port: number) =>
  Array.from({ length: LINKS }, (_, index) =>
    benchLink(`${name}-${index}`, `ws://127.0.0.1:${port}/${name}-${index}?rate=10`, { expectsData: true }),
  );
const trials = group('trial', ports.relay);
// A port is an origin of its own, and each takes 5 dials a second.
const links = [...trials, ...group('clean', ports.venue), ...group('late', ports.late)];
await run(engine, links);

const peers = PEERS.map((name) => ({
  name,
  noticedMs: [] as number[],
  open: Array.from({ length: LINKS }, (_, index) => openPeer(name, peerUrl(name, index))),
}));

function peerUrl(name: PeerName, index: number): string {
  return `ws://127.0.0.1:${ports.relay}/${name}-${index}?rate=10`;
}

/** Freezes one peer for as long as the cap; resolves with what it took to notice. */
async function freezePeer(peer: Peer, name: string): Promise<number> {
  const frozenAt = await freeze(name);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(CAP_MS), CAP_MS);
    peer.onLost = () => {
      clearTimeout(timer);
      resolve(Math.min(CAP_MS, nowMs() - frozenAt));
    };
  });
}

/** Freezes one link at its own moment; resolves when it is dead or the cap is over. */
async function freezeLink(name: string): Promise<Trial> {
  await sleep(Math.random() * SPREAD_MS);
  await until(`${name} up before its freeze`, () => up.has(name), CAP_MS);
  const trial: Trial = { frozenAt: Number.NaN, suspectAt: null, deadAt: null, endedBy: null };
  running.set(name, trial);
  trial.frozenAt = await freeze(name);
  const from = nowMs();
  while (trial.deadAt === null && nowMs() - from < CAP_MS) await sleep(20);
  running.delete(name);
  return trial;
}

await until('all links up', () => up.size === links.length, 90_000);
const measuredFrom = nowMs();
let peerTrials: Promise<unknown> = Promise.resolve();
const done: Trial[] = [];
for (let number = 0; number < ROUNDS; number += 1) {
  await until('all links up again', () => trials.every(({ name }) => up.has(name)), 90_000);
  await sleep(STABLE_MS);
  if (number === 0) {
    peerTrials = Promise.all(
      peers.flatMap(({ name, noticedMs, open }) =>
        open.map(async (peer, index) => noticedMs.push(await freezePeer(peer, `${name}-${index}`))),
      ),
    );
  }
  done.push(...(await Promise.all(trials.map(({ name }) => freezeLink(name)))));
}
await peerTrials;
over = true;
const watchedMs = nowMs() - measuredFrom;
for (const { open } of peers) for (const peer of open) peer.close();
await engine.shutdown(null);
await venue.terminate();

const suspectMs = done.map(({ frozenAt, suspectAt }) => (suspectAt === null ? CAP_MS : suspectAt - frozenAt));
const deadMs = done.map(({ frozenAt, deadAt }) => (deadAt === null ? CAP_MS : deadAt - frozenAt));
const endedOtherwise = done.filter(({ endedBy }) => endedBy !== null && endedBy !== 'dead').length;
const NOT_WITHIN = `not within ${CAP_MS / 1000} s`;
const text = (ms: number): string => (ms >= CAP_MS ? NOT_WITHIN : `${Math.round(ms)} ms`);
const line = (name: string, values: readonly number[]): string => {
  const figures = [0.5, 0.99, 1].map((q) => text(exactPercentile(values, q)).padStart(16));
  return `${name.padEnd(24)}${figures.join('')}${String(values.length).padStart(9)}\n`;
};
process.stdout.write(
  `${LINKS} links at a time, ${ROUNDS} rounds, 10 messages/s, default settings; each frozen at a random moment within ${SPREAD_MS / 1000} s, ` +
    `after ${STABLE_MS / 1000} s of being up; ${Math.round(watchedMs / 1000)} s in all\n` +
    `${'freeze to'.padEnd(24)}${'p50'.padStart(16)}${'p99'.padStart(16)}${'max'.padStart(16)}   trials\n` +
    line('warmwire suspect', suspectMs) +
    line('warmwire dead', deadMs) +
    peers.map(({ name, noticedMs }) => line(name, noticedMs)).join('') +
    `false suspects: ${falseSuspects.clean} on ${LINKS} links that were never frozen, ${falseSuspects.late} on ${LINKS} links with 2 % of the ` +
    `messages 500 ms late, ${falseSuspects.trial} on the trial links outside their freezes\n` +
    `sockets that ended though nothing froze them: ${endedUnfrozen}; frozen ones that ended otherwise than dead: ${endedOtherwise}\n`,
);
printReport({
  bench: 'detect',
  figures: {
    trials: done.length,
    suspect_p50_ms: round(exactPercentile(suspectMs, 0.5), 0),
    suspect_p99_ms: round(exactPercentile(suspectMs, 0.99), 0),
    dead_p50_ms: round(exactPercentile(deadMs, 0.5), 0),
    dead_p99_ms: round(exactPercentile(deadMs, 0.99), 0),
    false_suspects_clean: falseSuspects.clean,
    false_suspects_late: falseSuspects.late,
    false_suspects_trial: falseSuspects.trial,
    ended_unfrozen: endedUnfrozen,
    ended_otherwise: endedOtherwise,
    watched_s: round(watchedMs / 1000, 0),
    ...Object.fromEntries(
      peers.flatMap(({ name, noticedMs }) => {
        const key = name.replaceAll('-', '_');
        return [
          [`${key}_p99_ms`, round(exactPercentile(noticedMs, 0.99), 0)],
          [`${key}_not_within_cap`, noticedMs.filter((ms) => ms >= CAP_MS).length],
        ];
      }),
    ),
  },
  ratios: {},
  aims: {
    suspect_p99_ms: 1200,
    dead_p99_ms: 3300,
    false_suspects_clean: 0,
    false_suspects_late: 0,
    false_suspects_trial: 0,
  },
});
