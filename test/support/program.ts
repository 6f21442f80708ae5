import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { mustBeClosed } from './leaks.ts';

/** The built headless program, started as a user starts it. `npm test` builds before it runs. */
const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

export interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exit: Promise<number | null>;
}

export interface ProgramOptions {
  /** Its settings and data lie here. */
  readonly folder: string;
  readonly token: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A descriptor in the place of stderr, which `err` then knows nothing of. */
  readonly stderr?: number;
}

export function startProgram({ folder, token, env, stderr }: ProgramOptions, ...args: string[]): Run {
  const child = spawn(process.execPath, [CLI, '--headless', ...args], {
    env: {
      ...process.env,
      WARMWIRE_CONFIG: join(folder, 'w.toml'),
      WARMWIRE_DATA: join(folder, 'data'),
      WARMWIRE_TOKEN: token,
      ...env,
    },
    stdio: ['ignore', 'pipe', stderr ?? 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const exit = once(child, 'close').then(() => child.exitCode);
  mustBeClosed(
    'a headless Warmwire',
    () => child.exitCode === null && child.signalCode === null,
    () => child.kill('SIGKILL'),
  );
  return { child, out: () => said.out, err: () => said.err, exit };
}

/** The port of the page, when the address has been printed. */
export async function portOf({ child, out, err, exit }: Run): Promise<number> {
  if (out() === '') await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), exit]);
  const port = Number(/127\.0\.0\.1:(\d+)\//.exec(out())?.[1]);
  if (!(port > 0)) throw new Error(`Warmwire printed no address: ${err()}`);
  return port;
}
