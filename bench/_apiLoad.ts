/** The bots of the api bench, on a thread of their own: requests at an even pace over connections that are kept. */
import { parentPort } from 'node:worker_threads';
import { Pool } from 'undici';

export interface LoadOrder {
  readonly port: number;
  readonly token: string;
  readonly path: string;
  readonly perSec: number;
  readonly forMs: number;
}
export interface LoadTaken {
  readonly sent: number;
  /** Answered 200 or 503: a closed gate is an answer. */
  readonly answered: number;
  readonly failed: number;
  /** Of the answers, ms. */
  readonly latencies: readonly number[];
}

parentPort?.on('message', async ({ port, token, path, perSec, forMs }: LoadOrder) => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 20, pipelining: 1 });
  const latencies: number[] = [];
  let [sent, failed] = [0, 0];
  const headers = { authorization: `Bearer ${token}` };
  const one = async (): Promise<void> => {
    const from = performance.now();
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
      await body.dump({ limit: 2 ** 24 });
      if (statusCode === 200 || statusCode === 503) latencies.push(performance.now() - from);
      else failed += 1;
    } catch {
      failed += 1;
    }
  };
  const running = new Set<Promise<void>>();
  const from = performance.now();
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const nowMs = Math.min(forMs, performance.now() - from);
      // By the clock, not by ticks: a late tick sends what it owes.
      for (const due = Math.floor((nowMs * perSec) / 1000); sent < due; sent += 1) {
        const request: Promise<void> = one().finally(() => running.delete(request));
        running.add(request);
      }
      if (nowMs >= forMs) return resolve();
      setTimeout(tick, 1);
    };
    tick();
  });
  await Promise.all(running);
  await pool.close();
  const taken: LoadTaken = { sent, answered: latencies.length, failed, latencies };
  parentPort?.postMessage(taken);
});
