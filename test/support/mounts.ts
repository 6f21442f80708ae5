import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const did = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** Only root may, and not in every container. */
export const mayMount = ((): boolean => {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-mount-'));
  const may = did('mount', '-t', 'tmpfs', 'tmpfs', folder) && did('umount', folder);
  rmdirSync(folder);
  return may;
})();

export function mount(at: string, ...what: string[]): void {
  if (!did('mount', ...what, at)) throw new Error(`cannot mount ${what} at ${at}`);
  onTestFinished(() => void did('umount', '-l', at));
}

/** A disk of its own, and of no more than that. */
export function smallDisk(size: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mount(folder, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs');
  return folder;
}
