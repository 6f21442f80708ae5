import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mustBeClosed } from './leaks.ts';

const HOLDER = `
import os, pty, sys
master, slave = pty.openpty()
print(os.ttyname(slave), flush=True)
sys.stdin.readline()
while True:
    sys.stdout.buffer.write(os.read(master, 65536))
    sys.stdout.buffer.flush()
`;

/** Node can open no terminal of its own. */
export const hasTerminal = (): boolean =>
  process.platform === 'linux' && spawnSync('python3', ['-c', 'import pty']).status === 0;

/** A terminal that reads nothing until it is told to. */
export class Terminal {
  /** For the program that is to write to it. */
  readonly fd: number;
  readonly #holder: ChildProcess;
  #shown = '';

  private constructor(holder: ChildProcess, path: string) {
    this.#holder = holder;
    this.fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
    holder.stdout?.on('data', (chunk: Buffer) => {
      this.#shown += chunk.toString();
    });
    mustBeClosed(
      'a terminal',
      () => holder.exitCode === null && holder.signalCode === null,
      () => holder.kill('SIGKILL'),
    );
  }

  static async open(): Promise<Terminal> {
    const holder = spawn('python3', ['-c', HOLDER], { stdio: ['pipe', 'pipe', 'inherit'] });
    let path = '';
    while (!path.endsWith('\n')) path += String((await once(holder.stdout, 'data'))[0]);
    return new Terminal(holder, path.trim());
  }

  /** Whoever writes to it now, waits. */
  fill(): void {
    const fd = openSync(`/proc/self/fd/${this.fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      for (;;) writeSync(fd, '.');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    } finally {
      closeSync(fd);
    }
  }

  read(): void {
    this.#holder.stdin?.write('\n');
  }

  get shown(): string {
    return this.#shown;
  }

  async close(): Promise<void> {
    const gone = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await gone;
    closeSync(this.fd);
  }
}
