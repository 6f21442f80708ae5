import { once } from 'node:events';
import https from 'node:https';
import { Worker } from 'node:worker_threads';
import { HttpsAgent } from 'agentkeepalive';
import { createOpenHttp } from '../src/main/engine/pool/httpSocket.ts';
import { Pools } from '../src/main/engine/pool/pools.ts';
import type { HttpRequest } from '../src/main/engine/ports.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { poolPolicyOf } from '../src/main/settings/poolPolicy.ts';
import type { PoolPolicy, PoolView } from '../src/shared/pool.ts';
import { POOL_BUILT_IN } from '../src/shared/poolKnobs.ts';
import type { HttpSideOptions } from './_httpSide.ts';

/** A venue on its own thread. */
export class HttpSide {
  readonly url: string;
  readonly ca: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, { url, ca }: { url: string; ca: string }) {
    this.#worker = worker;
    this.url = url;
    this.ca = ca;
  }

  static async open(options: HttpSideOptions): Promise<HttpSide> {
    const worker = new Worker(new URL('_httpSide.ts', import.meta.url), { workerData: options });
    const [ready] = (await once(worker, 'message')) as [{ url: string; ca: string }];
    return new HttpSide(worker, ready);
  }

  /** TLS handshakes so far, counted by the server. */
  async handshakes(): Promise<number> {
    this.#worker.postMessage(null);
    const [count] = (await once(this.#worker, 'message')) as [number];
    return count;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** One way of asking; `ask` rejects when the caller would see an error. */
export interface Client {
  readonly name: string;
  ask(): Promise<void>;
  close(): void;
}

const GET: HttpRequest = { method: 'GET', path: '/time', headers: {}, body: null };

/** Warmwire's pools as the engine owns them. */
export class PoolClient implements Client {
  readonly name = 'warmwire';
  readonly #pools = new Pools({ clock: systemClock, random: Math.random, openHttp: createOpenHttp(systemClock) });

  constructor(side: HttpSide, policy: Partial<PoolPolicy>) {
    this.#pools.configure([
      {
        name: 'bench',
        enabled: true,
        demo: false,
        presetName: null,
        origins: [{ url: side.url, dialUrl: side.url, warmMethod: 'GET', warmPath: '/time' }],
        ca: side.ca,
        policy: { ...poolPolicyOf(POOL_BUILT_IN), coldProbeMs: 0, ...policy },
      },
    ]);
  }

  async ask(): Promise<void> {
    const answer = await this.#pools.request('bench', GET);
    if (!answer.ok) throw new Error(answer.problem.message);
  }

  /** The next request finds nothing open. */
  destroy(): void {
    this.#pools.destroy('bench', null);
  }

  get view(): PoolView {
    const seen: PoolView[] = [];
    this.#pools.follow(({ pools }) => seen.push(...pools))();
    return seen[0] as PoolView;
  }

  /** Resolves when so many sockets are ready. */
  async ready(count: number): Promise<void> {
    while ((this.view.origins[0]?.ready ?? 0) < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  close(): void {
    this.#pools.stop();
  }
}

function nodeClient(name: string, side: HttpSide, agent: https.Agent | false): Client {
  return {
    name,
    ask: () =>
      new Promise((resolve, reject) => {
        const request = https.get(`${side.url}/time`, { agent, ca: side.ca }, (response) => {
          response.on('error', reject);
          response.on('end', resolve);
          response.resume();
        });
        request.on('error', reject);
      }),
    close: () => {
      if (agent !== false) agent.destroy();
    },
  };
}

export const httpsWithoutAgent = (side: HttpSide): Client => nodeClient('https, no agent', side, false);

/** With the settings of the pool that it stands beside. */
export const agentkeepalive = (side: HttpSide, idleMs = 90_000): Client =>
  nodeClient(
    'agentkeepalive',
    side,
    new HttpsAgent({
      maxSockets: 50,
      maxFreeSockets: 50,
      freeSocketTimeout: idleMs,
      timeout: 2 * idleMs,
    }) as https.Agent,
  );

/** Node's own `fetch`; its authority is the process's, so the bench's is checked by nobody here. */
export function globalFetch(side: HttpSide): Client {
  return {
    name: 'global fetch',
    ask: async () => void (await (await fetch(`${side.url}/time`)).arrayBuffer()),
    close: () => undefined,
  };
}
