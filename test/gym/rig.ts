import type { LookupFunction } from 'node:net';
import { getHeapStatistics } from 'node:v8';
import { Engine } from '../../src/main/engine/engine.ts';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import type { Cancel, Ports } from '../../src/main/engine/ports.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { after, type WallMs, wallMs } from '../../src/shared/units.ts';
import type { Cause, Verdict } from '../../src/shared/verdict/verdict.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { engineConfig } from '../support/linkConfig.ts';

/** The fake clock, where input that has arrived is handled within the next turn of the event loop. */
export class GymClock extends FakeClock {
  #suspendedMs = 0;

  override wall(): WallMs {
    return wallMs(super.wall() + this.#suspendedMs);
  }

  /** The machine sleeps as Linux does: the monotonic clock stands still. `sleep` is Windows, where it runs on. */
  suspend(ms: number): void {
    this.#suspendedMs += ms;
  }

  override afterInput(run: () => void): Cancel {
    return this.at(after(this.now(), 1), run);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The real engine on real sockets and on a clock that moves one millisecond with each turn of the event loop.
 *
 * On loopback a message and its answer take two turns, however busy the machine is: default policies can be waited for,
 * nothing has to be scaled, and no stall of the test machine is ever seen by the engine.
 */
export class GymRig {
  readonly clock = new GymClock();
  readonly engine: Engine;
  readonly events: LinkEvent[] = [];
  snapshot: Snapshot | null = null;
  secrets: Readonly<Record<string, string>> = {};
  addresses = '';
  memory = (): ReturnType<Ports['memory']> => {
    const { rss, heapUsed } = process.memoryUsage();
    return { rssBytes: rss, heapBytes: heapUsed, heapLimitBytes: getHeapStatistics().heap_size_limit };
  };
  readonly #scripts = new Set<Cancel>();
  #open = true;

  constructor(lookup?: LookupFunction) {
    this.engine = new Engine({
      clock: this.clock,
      random: () => 0.5,
      dial: createDial(this.clock, lookup),
      openHttp: createOpenHttp(this.clock, lookup),
      secret: (name) => this.secrets[name] ?? null,
      networkAddresses: () => this.addresses,
      memory: () => this.memory(),
      fetchText: () => Promise.reject(new Error('no web here')),
    });
    mustBeClosed(
      'an engine of the gym',
      () => this.#open,
      () => void this.stop(),
    );
    this.engine.snapshots(null, (frame) => {
      this.snapshot = frame.kind === 'whole' ? frame.snapshot : this.snapshot && applyDelta(this.snapshot, frame.delta);
    });
    this.engine.events(null, (events) => void this.events.push(...events));
  }

  run(...links: LinkConfig[]): Promise<unknown> {
    return this.engine.configure(engineConfig(links));
  }

  /** Lets so many milliseconds pass, real input and output with them. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1) {
      await this.clock.advance(1);
      await turn();
    }
  }

  /** Lets time pass until it is so; not within the limit is a failure. */
  async until(isSo: () => boolean, what: string, withinMs = 60_000): Promise<void> {
    for (let passed = 0; !isSo(); passed += 1) {
      if (passed > withinMs) throw new Error(`not within ${withinMs} ms: ${what}\n${this.story().join('\n')}`);
      await this.pass(1);
    }
  }

  /** The same for what is real work of this process, as TLS or inflating: real time, while the clock stands still. */
  async soon(isSo: () => boolean): Promise<void> {
    while (!isSo()) await turn();
  }

  link(name = 'venue'): LinkView {
    const link = this.snapshot?.links[name];
    if (link === undefined) throw new Error(`there is no link ${name}`);
    return link;
  }

  up(name = 'venue', generation?: number): Promise<void> {
    return this.until(
      () =>
        this.snapshot?.links[name]?.state.kind === 'up' &&
        (generation === undefined || this.link(name).about.generation === generation),
      `${name} up${generation === undefined ? '' : ` with socket ${generation}`}`,
    );
  }

  happenings<K extends LinkHappening['kind']>(kind: K, name = 'venue'): Extract<LinkHappening, { kind: K }>[] {
    return this.events.flatMap(({ link, happening }) =>
      link === name && happening.kind === kind ? [happening as Extract<LinkHappening, { kind: K }>] : [],
    );
  }

  async happened<K extends LinkHappening['kind']>(
    kind: K,
    name = 'venue',
    withinMs = 60_000,
  ): Promise<Extract<LinkHappening, { kind: K }>> {
    await this.until(() => this.happenings(kind, name).length > 0, `${kind} of ${name}`, withinMs);
    return this.happenings(kind, name)[0] as Extract<LinkHappening, { kind: K }>;
  }

  /** States the link came to, in order. */
  states(name = 'venue'): string[] {
    return this.happenings('state', name).map(({ to }) => to.kind);
  }

  verdicts(name = 'venue'): Verdict[] {
    return this.happenings('verdict', name).map(({ verdict }) => verdict);
  }

  causes(name = 'venue'): Cause[] {
    return this.verdicts(name).map(({ cause }) => cause);
  }

  /** The first verdict of this cause, now or to come. */
  async verdict(cause: Cause, name = 'venue', withinMs = 60_000): Promise<Verdict> {
    const find = (): Verdict | undefined => this.verdicts(name).find((verdict) => verdict.cause === cause);
    await this.until(() => find() !== undefined, `verdict ${cause} of ${name}`, withinMs);
    return find() as Verdict;
  }

  /** What every reader is shown of it: the causes in the link's view. */
  async shown(cause: Cause, name = 'venue'): Promise<void> {
    await this.until(() => this.link(name).verdicts.some((one) => one.cause === cause), `${cause} in the view`, 2_000);
  }

  /** Repeats a part of a venue's script until the returned function is called, or the rig stops. */
  every(ms: number, play: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const arm = (): void => {
      cancel = this.clock.at(after(this.clock.now(), ms), () => {
        arm();
        play();
      });
    };
    arm();
    const stop = (): void => {
      cancel();
      this.#scripts.delete(stop);
    };
    this.#scripts.add(stop);
    return stop;
  }

  later(ms: number, play: () => void): Cancel {
    const stop = this.every(ms, () => {
      stop();
      play();
    });
    return stop;
  }

  async stop(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    for (const stop of this.#scripts) stop();
    let done = false;
    void this.engine.shutdown(null).then(() => {
      done = true;
    });
    for (let i = 0; !done && i < 5_000; i += 1) await this.pass(1);
  }

  /** What happened, for a failed wait. */
  story(): string[] {
    return this.events.slice(-25).map(({ at, link, happening }) => {
      const detail =
        happening.kind === 'state' ? `${happening.to.kind} ${happening.because}` : JSON.stringify(happening);
      return `${at} ${link} ${happening.kind}: ${detail}`.slice(0, 300);
    });
  }
}
