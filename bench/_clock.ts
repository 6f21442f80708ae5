import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds on a clock that all threads and processes of this machine share. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** BENCH_SCALE=0.1 makes every count and every wait a tenth: for trying a bench out, not for figures. */
const SCALE = Number(process.env['BENCH_SCALE'] ?? 1);
export const scaled = (full: number, least = 1): number => Math.max(least, Math.round(full * SCALE));

/** Waits for something that must come; ends the bench if it does not. */
export async function until(what: string, isSo: () => boolean, limitMs: number): Promise<void> {
  const from = nowMs();
  while (!isSo()) {
    if (nowMs() - from > limitMs) throw new Error(`could not measure: ${what} did not come within ${limitMs} ms`);
    await sleep(20);
  }
}
