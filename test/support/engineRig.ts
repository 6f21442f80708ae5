import type { LookupFunction } from 'node:net';
import { Engine } from '../../src/main/engine/engine.ts';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { LinkEvent } from '../../src/shared/events.ts';
import { applyDelta, type LinkView, type Snapshot } from '../../src/shared/snapshot.ts';
import { mustBeClosed } from './leaks.ts';
import { engineConfig } from './linkConfig.ts';
import { PatientClock } from './patientClock.ts';

/** The real engine in this process, on real sockets, and on real time as far as the machine gives it. */
export class EngineRig {
  readonly clock: PatientClock;
  readonly engine: Engine;
  readonly events: LinkEvent[] = [];
  snapshot: Snapshot | null = null;
  secrets: Readonly<Record<string, string>> = {};
  addresses = '';
  readonly #waiting = new Set<() => void>();
  #open = true;

  /** `speed`: its time passes so many times as fast. */
  constructor({ lookup, speed = 1 }: { readonly lookup?: LookupFunction; readonly speed?: number } = {}) {
    this.clock = new PatientClock(speed);
    this.engine = new Engine({
      clock: this.clock,
      random: Math.random,
      dial: createDial(this.clock, lookup),
      openHttp: createOpenHttp(this.clock, lookup),
      secret: (name) => this.secrets[name] ?? null,
      networkAddresses: () => this.addresses,
      memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
      fetchText: () => Promise.reject(new Error('no web here')),
    });
    mustBeClosed(
      'an engine',
      () => this.#open,
      () => void this.stop(),
    );
    this.engine.snapshots(null, (frame) => {
      this.snapshot = frame.kind === 'whole' ? frame.snapshot : this.snapshot && applyDelta(this.snapshot, frame.delta);
      this.#look();
    });
    this.engine.events(null, (events) => {
      this.events.push(...events);
      this.#look();
    });
  }

  run(...links: LinkConfig[]): Promise<unknown> {
    return this.engine.configure(engineConfig(links));
  }

  link(name = 'venue'): LinkView | undefined {
    return this.snapshot?.links[name];
  }

  /** Resolves at the first snapshot or event at which `isSo` holds. */
  until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  state(kind: LinkView['state']['kind'], name = 'venue'): Promise<void> {
    return this.until(() => this.link(name)?.state.kind === kind);
  }

  /** The first event of this kind, now or to come. */
  async happened<K extends LinkEvent['happening']['kind']>(
    kind: K,
    name = 'venue',
  ): Promise<Extract<LinkEvent['happening'], { kind: K }>> {
    const find = () => this.events.find((event) => event.link === name && event.happening.kind === kind)?.happening;
    await this.until(() => find() !== undefined);
    return find() as Extract<LinkEvent['happening'], { kind: K }>;
  }

  /** Why the link first had to wait. */
  async firstWait(name = 'venue') {
    const find = () =>
      this.events
        .filter((event) => event.link === name)
        .flatMap(({ happening }) =>
          happening.kind === 'state' && happening.to.kind === 'waiting' ? [happening.to] : [],
        )[0];
    await this.until(() => find() !== undefined);
    const state = find();
    if (state === undefined) throw new Error('unreachable');
    return state;
  }

  async stop(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.engine.shutdown(null);
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}
