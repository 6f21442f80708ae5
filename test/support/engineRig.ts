import type { LookupFunction } from 'node:net';
import { Engine } from '../../src/main/engine/engine.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { LinkEvent } from '../../src/shared/events.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { mustBeClosed } from './leaks.ts';
import { engineConfig } from './linkConfig.ts';
import { PatientClock } from './patientClock.ts';
import { realPorts } from './realPorts.ts';
import { Waiting } from './waiting.ts';

/** The real engine in this process, on real sockets, and on real time as far as the machine gives it. */
export class EngineRig {
  readonly clock: PatientClock;
  readonly engine: Engine;
  readonly events: LinkEvent[] = [];
  snapshot: Snapshot | null = null;
  secrets: Readonly<Record<string, string>> = {};
  addresses = '';
  readonly #waiting = new Waiting();
  #open = true;

  /** `speed`: its time passes so many times as fast. */
  constructor({ lookup, speed = 1 }: { readonly lookup?: LookupFunction; readonly speed?: number } = {}) {
    this.clock = new PatientClock(speed);
    const secret = (name: string): string | null => this.secrets[name] ?? null;
    this.engine = new Engine(realPorts({ clock: this.clock, lookup, secret, networkAddresses: () => this.addresses }));
    mustBeClosed(
      'an engine',
      () => this.#open,
      () => void this.stop(),
    );
    this.engine.snapshots(null, (frame) => {
      this.snapshot = frame.kind === 'whole' ? frame.snapshot : this.snapshot && applyDelta(this.snapshot, frame.delta);
      this.#waiting.look();
    });
    this.engine.events(null, (events) => {
      this.events.push(...events);
      this.#waiting.look();
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
    return this.#waiting.until(isSo);
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
}
