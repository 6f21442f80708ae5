import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { mustBeClosed } from './leaks.ts';
import { until } from './until.ts';

/** Node can open no terminal of its own; `script` is part of every Linux. */
export const hasTerminal = (): boolean =>
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** A terminal, read by `script` unless that is stopped. */
export class Terminal {
  /** For the program that is to write to it. */
  readonly fd: number;
  readonly #reader: ChildProcess;
  #shown = '';

  private constructor(reader: ChildProcess, path: string) {
    this.#reader = reader;
    this.fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
    reader.stdout?.on('data', (chunk: Buffer) => {
      this.#shown += chunk.toString();
    });
    mustBeClosed(
      'a terminal',
      () => reader.exitCode === null && reader.signalCode === null,
      () => reader.kill('SIGKILL'),
    );
  }

  static async open(): Promise<Terminal> {
    const reader = spawn('script', ['-q', '-f', '-c', 'tty >&3; exec sleep 86400', '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    });
    const told = reader.stdio[3] as Readable;
    let path = '';
    while (!path.endsWith('\n')) path += String((await once(told, 'data'))[0]);
    return new Terminal(reader, path.trim());
  }

  /** Nobody reads it any more, and it is full: whoever writes to it now, waits. */
  async fill(): Promise<void> {
    this.#reader.kill('SIGSTOP');
    await until(() => expect(readFileSync(`/proc/${this.#reader.pid}/stat`, 'utf8')).toMatch(/\) T /));
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
    this.#reader.kill('SIGCONT');
  }

  get shown(): string {
    return this.#shown;
  }

  async close(): Promise<void> {
    const gone = once(this.#reader, 'exit');
    this.#reader.kill('SIGKILL');
    await gone;
    closeSync(this.fd);
  }
}
