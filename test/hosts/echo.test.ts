import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lineEcho, patientOutput } from '../../src/main/hosts/echo.ts';
import { MAX_WAITING_BYTES } from '../../src/main/log/patientLines.ts';
import { portOf, startProgram } from '../support/program.ts';
import { stuckOutput } from '../support/stuckOutput.ts';
import { hasTerminal, Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const TOKEN = 'the-right-token-of-this-test';

it.runIf(hasTerminal())(
  '[S4] a terminal that stops reading holds nothing up: Warmwire starts, answers and ends, and what it reads later is whole',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warmwire-echo-'));
    writeFileSync(join(folder, 'w.toml'), '');
    const terminal = await Terminal.open();
    await terminal.fill();
    const run = startProgram({ folder, token: TOKEN, stderr: terminal.fd }, '--no-open', '--port', '0');
    const port = await portOf(run);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`http://127.0.0.1:${port}/api/openapi.json`, { headers })).status).toBe(200);
    terminal.read();
    await until(() => expect(terminal.shown).toContain('Warmwire started'));
    const lines = terminal.shown.replace(/^\.+/, '').trim().split('\r\n');
    expect(lines.map((line) => JSON.parse(line).level)).toContain('info');

    await terminal.fill();
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  },
);

it('[S4] a pipe that nobody reads holds nothing up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-echo-'));
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR);
  const output = patientOutput({ fd } as never);
  const echo = lineEcho(output);
  for (let count = 0; count < 12_000; count += 1) echo(`${'x'.repeat(1023)}\n`);
  expect(output.writableLength).toBeGreaterThan(MAX_WAITING_BYTES / 2);
  output.destroy();
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

it('[S4] of a reader that stops no more than 8 MiB wait, and when it reads on it is told what was left out', () => {
  const { output, taken: shown, waiting } = stuckOutput();
  const echo = lineEcho(output);
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 12_000; count += 1) echo(line);
  expect(output.writableLength).toBeLessThan(MAX_WAITING_BYTES + 2 * line.length);
  const readOn = (): void => {
    while (waiting.length > 0) waiting.shift()?.();
  };
  readOn();
  echo('on\n');
  readOn();
  expect(shown.length).toBe(8193 + 2);
  expect(JSON.parse(shown.at(-2) ?? '')).toMatchObject({
    level: 'warn',
    msg: expect.stringMatching(/^3807 lines were left out here/),
  });
  expect(shown.at(-1)).toBe('on\n');
});
