import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type EngineClient, engineContract } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { RestartTimes } from '../../shared/restartHabit.ts';
import { connect, type FaultLog, stackOf, type Unsubscribe } from '../../shared/rpc.ts';
import { portWire } from '../portWire.ts';
import { RestartPace } from './restartPace.ts';

/** Time that the thread is given beyond its own grace before it is ended from outside, ms. */
const EXTRA_GRACE_MS = 1_000;
/**
 * Memory for fresh objects. What links make is short-lived: with V8's default a thousand of them held 180 MB of it that was
 * free (`npm run bench -- scale`), and each collection of it took longer.
 */
const YOUNG_MB = 12;
/**
 * V8 lets a heap grow to a multiple of what lives in it before it collects, and keeps the pages: with a thousand links that
 * was twice what they need. V8's own memory saver collects every second and holds the thread up.
 */
const FRUGAL_HEAP = '--heap-growing-percent=30';
/**
 * What is made while hundreds of links connect lives on, and V8 concludes that what is made at the same place always will:
 * from then on each message's leavings went straight to the old space, which was then collected every second, for up to
 * 12 ms (`npm run bench -- flood`).
 */
const FRESH_IS_SHORT_LIVED = '--no-allocation-site-pretenuring';

/** What an engine that starts anew has forgotten, as it is known by then. */
export interface Remembered {
  /** The links whose breaker a person holds open. */
  readonly heldOpen: () => readonly string[];
  /** When venues stopped their feeds. */
  readonly restarts: () => RestartTimes;
}

const NOTHING: Remembered = { heldOpen: () => [], restarts: () => ({}) };

/**
 * The engine on its own thread. If the thread dies it is started again with the last configuration, and every open
 * stream is opened again, so that a window only sees a fresh first value.
 */
export class EngineThread {
  readonly #entry: URL;
  readonly #onDied: (why: string) => void;
  readonly #remembered: Remembered;
  readonly #onFault: FaultLog;
  readonly #streams = new Set<(client: EngineClient) => Unsubscribe>();
  readonly #stops = new Map<(client: EngineClient) => Unsubscribe, Unsubscribe>();
  #worker: Worker;
  #client: EngineClient;
  #config: EngineConfig | null = null;
  #stopping = false;
  readonly #pace = new RestartPace();
  #startedAt = 0;
  #restart: NodeJS.Timeout | null = null;

  /** `onDied` is told why, each time; the restart follows by itself. `onFault`: an exception of the engine, outlived or not. */
  constructor(
    entry: URL,
    onDied: (why: string) => void,
    remembered: Remembered = NOTHING,
    onFault: FaultLog = () => undefined,
  ) {
    this.#entry = entry;
    this.#onDied = onDied;
    this.#remembered = remembered;
    this.#onFault = onFault;
    setFlagsFromString(FRUGAL_HEAP);
    setFlagsFromString(FRESH_IS_SHORT_LIVED);
    [this.#worker, this.#client] = this.#start();
  }

  /** The engine as it runs now. Calls that it can no longer answer are answered `disconnected`. */
  get client(): EngineClient {
    return this.#client;
  }

  configure(config: EngineConfig): Promise<Outcome<null>> {
    this.#config = config;
    return this.#client.configure({ ...config, restarts: this.#remembered.restarts() });
  }

  /** Opens a stream now and again after every restart. */
  follow(open: (client: EngineClient) => Unsubscribe): Unsubscribe {
    this.#streams.add(open);
    this.#stops.set(open, open(this.#client));
    return () => {
      this.#streams.delete(open);
      this.#stops.get(open)?.();
      this.#stops.delete(open);
    };
  }

  /** Closes every link within the configured grace, then ends the thread. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const graceMs = (this.#config?.shutdownGraceMs ?? 0) + EXTRA_GRACE_MS;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#client.shutdown(null), deadline]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #start(): [Worker, EngineClient] {
    this.#startedAt = performance.now();
    const worker = new Worker(this.#entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    let why = 'it ended without an error';
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
      this.#onFault('thread', stackOf(error));
    });
    const { client } = connect(engineContract, portWire(worker), () => this.#died(why), this.#onFault);
    return [worker, client];
  }

  #died(why: string): void {
    if (this.#stopping) return;
    this.#onDied(why);
    const delayMs = this.#pace.next(performance.now() - this.#startedAt);
    this.#restart = setTimeout(() => {
      [this.#worker, this.#client] = this.#start();
      if (this.#config !== null) this.#configureAgain(this.#config);
      for (const open of this.#streams) this.#stops.set(open, open(this.#client));
    }, delayMs);
  }

  /** The engine takes these in one go, before any of the sockets that it begins to make comes to anything. */
  #configureAgain(config: EngineConfig): void {
    void this.configure(config);
    for (const link of this.#remembered.heldOpen()) void this.#client.setBreaker({ link, open: true });
  }
}
