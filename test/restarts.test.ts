import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startApp } from '../src/main/app.ts';
import { appContract } from '../src/shared/contract.ts';
import type { LinkEvent } from '../src/shared/events.ts';
import { connect } from '../src/shared/rpc.ts';
import { GymVenue } from './gym/venue.ts';
import { wirePair } from './support/wirePair.ts';

const DAY_MS = 86_400_000;
const source = (path: string): URL => new URL(`../src/main/${path}`, import.meta.url);

it('[H6] [L20] 5. what Warmwire saw of a venue yesterday, before it was started anew, tells today’s stop as a scheduled restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-habit-'));
  const data = join(folder, 'data');
  const file = join(data, 'restarts.json');
  mkdirSync(data);
  // Whenever in the next minutes this test comes to it.
  const restarts = { one: Array.from({ length: 45 }, (_, i) => Date.now() - DAY_MS + i * 9_000) };
  writeFileSync(file, JSON.stringify({ version: 1, restarts }));
  const venue = await GymVenue.open();
  writeFileSync(join(folder, 'w.toml'), `[link.one]\npreset = "bitfinex_v2"\nurl = "${venue.url}"\n`);
  const app = await startApp({
    host: 'headless',
    version: '0',
    configArg: join(folder, 'w.toml'),
    env: { WARMWIRE_DATA: data },
    echoLog: null,
    engineEntry: source('engine/worker.ts'),
    demoEntry: source('demo/worker.ts'),
  });
  const wires = wirePair();
  app.serveWire(wires.far);
  const events: LinkEvent[] = [];
  connect(appContract, wires.near).client.events(null, (more) => void events.push(...more));
  await vi.waitFor(() => expect(venue.present).toHaveLength(1), 20_000);
  let beats = 0;
  const heart = setInterval(() => {
    beats += 1;
    for (const { ws } of venue.present) ws.send('[1,"hb"]');
  }, 500);
  await vi.waitFor(() => expect(beats).toBeGreaterThan(8), 30_000);
  clearInterval(heart);
  const causes = (): string[] =>
    events.flatMap(({ happening }) => (happening.kind === 'verdict' ? [happening.verdict.cause] : []));
  await vi.waitFor(() => expect(causes()).toContain('scheduled restart'), 30_000);
  await app.stop();
  expect(JSON.parse(readFileSync(file, 'utf8')).restarts.one.length).toBeGreaterThan(45);
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);
