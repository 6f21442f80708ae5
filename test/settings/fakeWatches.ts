import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

const { watch } = fs;

function watchBy(other: typeof watch): void {
  fs.watch = other;
  syncBuiltinESMExports();
}

/** For one test: as on a system that has no more watches to give, or on a disk whose edits are made by another machine. */
export function watchesThat(what: 'fail' | 'say nothing'): void {
  onTestFinished(() => watchBy(watch));
  watchBy(((path: string) => {
    if (what === 'say nothing') return watch(path, () => undefined);
    throw Object.assign(new Error('no space left for watches'), { code: 'ENOSPC' });
  }) as typeof watch);
}
