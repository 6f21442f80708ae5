import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLog } from '../../src/main/log/log.ts';
import { openLogFile } from '../../src/main/log/logFile.ts';
import { MAX_WAITING_BYTES } from '../../src/main/log/patientLines.ts';
import type { LinkEvent } from '../../src/shared/events.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { LinkRig } from '../support/linkRig.ts';
import { mayMount, smallDisk } from '../support/mounts.ts';
import { stuckOutput } from '../support/stuckOutput.ts';
import { until } from '../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const CUT: LinkEvent = {
  seq: 1,
  at: monoMs(1234.5),
  wall: wallMs(0),
  link: 'okx',
  generation: 3,
  happening: { kind: 'socket-ended', reason: { kind: 'cut', code: 'ECONNRESET' }, livedMs: 5000 },
};

it('[S4] an event is a JSON line with UTC and monotonic time, link, generation, event and reason', async () => {
  const log = openLog(folder, null, () => undefined);
  log.events([CUT]);
  await log.close();
  expect(lines(readFileSync(log.file, 'utf8'))).toEqual([
    {
      level: 'warn',
      utc: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      mono_ms: expect.any(Number),
      at_mono_ms: 1235,
      link: 'okx',
      generation: 3,
      event: 'socket-ended',
      reason: { kind: 'cut', code: 'ECONNRESET' },
      msg: 'Socket ended after 5.0 s: the connection was cut without a close frame (1006, ECONNRESET)',
    },
  ]);
});

it('[L1] [S4] every change of a state has its reason: the evidence, else the step in words', async () => {
  const log = openLog(folder, null, () => undefined);
  const since = monoMs(5);
  const reason = { kind: 'cut', code: 'ECONNRESET' } as const;
  const waiting = { kind: 'waiting', attempt: 2, delayMs: 100, until: monoMs(105), reason } as const;
  const dialling = { kind: 'connecting', attempt: 2, phase: 'tcp', since } as const;
  const changes = [
    { kind: 'state', from: { kind: 'up', since }, to: waiting, because: 'the connection was cut' },
    { kind: 'state', from: waiting, to: dialling, because: '' },
    { kind: 'state', from: dialling, to: { kind: 'up', since }, because: 'all restored' },
  ] as const;
  log.events(changes.map((happening) => ({ ...CUT, happening })));
  await log.close();
  expect(lines(readFileSync(log.file, 'utf8')).map((line) => line.reason)).toEqual([
    reason,
    { kind: 'step', what: 'Attempt 2: TCP connect' },
    { kind: 'step', what: 'all restored' },
  ]);
});

it.skipIf(process.platform === 'win32')('[L10] only its owner may read the log', async () => {
  const log = openLog(folder, null, () => undefined);
  log.info('one');
  await log.close();
  expect(statSync(log.file).mode & 0o777).toBe(0o600);
});

/** Older logs, the oldest first, and what else may lie beside them. */
function lay(count: number): string[] {
  const names = Array.from({ length: count }, (_, day) => `warmwire.2026-01-${10 + day}T03-04-05-678Z.1.log`);
  for (const name of [...names, 'warmwire.notes.log', '.history'])
    writeFileSync(join(folder, name), 'old\n', { mode: 0o644 });
  return names;
}

it.skipIf(process.platform === 'win32')(
  '[S4] [L10] of the older logs nine are kept, whatever became of their folder meanwhile, and their owner’s only',
  async () => {
    const names = lay(12);
    writeFileSync(join(folder, 'warmwire.log'), 'of an earlier version\n', { mode: 0o644 });
    const log = openLog(folder, null, () => undefined);
    const kept = ['warmwire.log', ...names.slice(-9)];
    await until(() => expect(readdirSync(folder).sort()).toEqual([...kept, 'warmwire.notes.log'].sort()));
    const modes = () => kept.map((name) => statSync(join(folder, name)).mode & 0o777);
    await until(() => expect(new Set(modes())).toEqual(new Set([0o600])));
    await log.close();
  },
);

it('[S4] a log of 10 MiB is set aside, and of the nine before it the oldest goes', async () => {
  const names = lay(9);
  writeFileSync(join(folder, 'warmwire.log'), Buffer.alloc(10 * 2 ** 20 - 1, 'x'));
  const log = openLog(folder, null, () => undefined);
  log.info('the last of it');
  const ours = () =>
    readdirSync(folder)
      .filter((name) => /^warmwire\.\d/.test(name))
      .sort();
  await until(() => {
    expect(ours()).toEqual([...names.slice(1), expect.any(String)]);
    expect(statSync(log.file).size).toBe(0);
  });
  expect(statSync(join(folder, ours().at(-1) ?? '')).size).toBeGreaterThan(10 * 2 ** 20);
  await log.close();
});

it('[S4] the level is settable live, and lines are echoed as they are written', async () => {
  const echoed: string[] = [];
  const log = openLog(
    folder,
    (line) => echoed.push(line),
    () => undefined,
  );
  log.info('one');
  log.setLevel('error');
  log.info('two');
  log.error('three');
  await log.close();
  expect(echoed.map((line) => JSON.parse(line).msg)).toEqual(['one', 'three']);
  expect(lines(readFileSync(log.file, 'utf8')).map(({ msg }) => msg)).toEqual(['one', 'three']);
});

it('[S4] one statistics line a link that is not paused, unless switched off', async () => {
  const rig = new LinkRig(linkConfig({ name: 'a' }));
  const paused = new LinkRig(linkConfig({ name: 'b', enabled: false }));
  await rig.openAndAnswer();
  const echoed: string[] = [];
  const log = openLog(
    folder,
    (line) => echoed.push(line),
    () => undefined,
  );
  const snapshot = {
    at: rig.clock.now(),
    wall: rig.clock.wall(),
    machine: { loopP99Ms: 0, loopMaxMs: 0, stalls: 0, rssBytes: 0, heapBytes: 0, heapLimitBytes: 0, inflatedBytes: 0 },
    order: ['a', 'b'],
    links: { a: rig.view(), b: paused.view() },
  };
  log.statistics(snapshot);
  log.setStatistics(false);
  log.statistics(snapshot);
  await log.close();
  expect(echoed.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      link: 'a',
      event: 'statistics',
      pings: 1,
      missed: 0,
      lost: 0,
      success_percent: 100,
      rtt_samples: 1,
      rtt_p99_ms: 3,
      connects: 1,
    }),
  ]);
  rig.end();
  paused.end();
});

it('[S4] a folder that cannot be written is told once and stops nothing', async () => {
  const file = join(folder, 'not-a-folder');
  writeFileSync(file, '');
  const troubles: (string | null)[] = [];
  const echoed: string[] = [];
  const log = openLog(
    file,
    (line) => echoed.push(line),
    (message) => troubles.push(message),
  );
  for (let i = 0; i < 100; i += 1) log.info('dropped');
  await log.close();
  expect(troubles).toEqual([expect.stringContaining('cannot be written')]);
  const said = lines(echoed.join('')).filter(({ level }) => level === 'error');
  expect(said, 'who has no page reads it where the lines go besides').toEqual([
    expect.objectContaining({ msg: troubles[0], utc: expect.any(String) }),
  ]);
});

it('[S4] what thousands of links say in one turn is written whole, and blames no disk', async () => {
  const troubles: (string | null)[] = [];
  const file = openLogFile(folder, (message) => troubles.push(message));
  // Two events and a line of the minute of each.
  for (let count = 0; count < 3 * 2_500; count += 1) file.write(`${'x'.repeat(499)}\n`);
  await file.close();
  expect(troubles).toEqual([]);
  expect(readFileSync(join(folder, 'warmwire.log'), 'utf8').split('\n')).toHaveLength(3 * 2_500 + 1);
});

it('[S4] what is said of a disk that takes no more lines does not wait for it, nor is said again because of itself', () => {
  const { output: disk } = stuckOutput();
  const file = openLogFile(
    folder,
    (message) => file.write(`${message}\n`),
    () => 0,
    () => disk,
  );
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 12_000; count += 1) file.write(line);
  expect(disk.writableLength).toBeLessThan(MAX_WAITING_BYTES + 2 * line.length);
});

it('[S4] of a disk that hangs no more than 8 MiB wait; it is said once, and taken back when it answers', async () => {
  const { output: disk, taken: written, waiting } = stuckOutput();
  const troubles: (string | null)[] = [];
  const file = openLogFile(
    folder,
    (message) => troubles.push(message),
    () => 0,
    () => disk,
  );
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 12_000; count += 1) file.write(line);
  expect(disk.writableLength).toBeLessThan(MAX_WAITING_BYTES + 2 * line.length);
  const hangs = expect.stringMatching(/cannot be written: the disk does not answer/);
  expect(troubles).toEqual([hangs]);
  const answer = async (): Promise<void> => {
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await answer();
  expect(troubles).toEqual([hangs]);
  file.write('on\n');
  await answer();
  expect(troubles).toEqual([hangs, null]);
  expect(JSON.parse(written.at(-2) ?? '').msg).toBe('3807 lines were left out here, because the disk did not answer');
  expect(written.at(-1)).toBe('on\n');
});

it.skipIf(!mayMount)('[S4] a disk that stays full is told once, and taken back when a line was written', async () => {
  const disk = smallDisk('16k');
  const filler = join(disk, 'filler');
  // A file can still be made on it.
  expect(() => writeFileSync(filler, Buffer.alloc(64 * 1024))).toThrow('ENOSPC');
  let now = 0;
  const troubles: (string | null)[] = [];
  const file = openLogFile(
    disk,
    (message) => troubles.push(message),
    () => now,
  );
  const tryAgain = (): void => {
    now += 60_000;
    file.write('line\n');
  };
  const full = expect.stringContaining('ENOSPC');
  let tries = 0;
  await until(() => {
    tryAgain();
    tries += 1;
    expect(tries).toBeGreaterThan(10);
  });
  expect(troubles).toEqual([full]);
  rmSync(filler);
  await until(() => {
    tryAgain();
    expect(troubles).toEqual([full, null]);
  });
  await file.close();
  expect(readFileSync(join(disk, 'warmwire.log'), 'utf8')).toContain('line');
});
