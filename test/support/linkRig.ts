import { DialGate } from '../../src/main/engine/dialGate.ts';
import { Link } from '../../src/main/engine/link/link.ts';
import { Glances, Revisions } from '../../src/main/engine/link/revision.ts';
import type { Ports } from '../../src/main/engine/ports.ts';
import { SharedBudgets } from '../../src/main/engine/sharedBudgets.ts';
import { Slots } from '../../src/main/engine/slots.ts';
import type { EndClues } from '../../src/main/engine/witness.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import type { LinkHappening } from '../../src/shared/events.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { SeriesPoint } from '../../src/shared/rttView.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeNet } from './fakeNet.ts';

const NOTHING = (): Promise<string> => Promise.reject(new Error('no web here'));

const NO_MEMORY = () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 });
const noHttp = (): never => {
  throw new Error('a link opens no pool');
};

/** One real link on a fake clock and a fake network. `stalledFrom` plays a stall of this machine. */
export class LinkRig {
  readonly clock = new FakeClock();
  readonly net = new FakeNet();
  readonly happenings: { readonly happening: LinkHappening; readonly generation: number }[] = [];
  readonly link: Link;
  gone = false;
  readonly lost: EndClues[] = [];
  stalled = false;
  readonly gate: DialGate;
  secrets: Readonly<Record<string, string>> = {};
  readonly secret = (name: string): string | null => this.secrets[name] ?? null;

  readonly #revisions = new Revisions();
  readonly #glances = new Glances(this.#revisions);
  #point: SeriesPoint | null = null;
  #lookedAt = this.clock.now();

  constructor(
    config: LinkConfig,
    random: () => number = () => 0.5,
    fetchText: Ports['fetchText'] = NOTHING,
    slots = new Slots(),
  ) {
    const stall = {
      stalledSince: () => this.stalled,
      awakeMs: (from: number) => (this.stalled ? 0 : this.clock.now() - from),
      heldUpMs: (from: number) => (this.stalled ? this.clock.now() - from : 0),
    };
    this.gate = new DialGate(this.clock);
    const ports = {
      clock: this.clock,
      random,
      dial: this.net.dial,
      openHttp: noHttp,
      secret: this.secret,
      networkAddresses: () => '',
      fetchText,
      memory: NO_MEMORY,
    };
    this.link = new Link(
      config,
      ports,
      {
        stall,
        gate: this.gate,
        slots,
        budgets: new SharedBudgets(this.clock),
        revisions: this.#revisions,
        clean: (text) => text,
      },
      {
        happened: (happening, generation) => this.happenings.push({ happening, generation }),
        lost: (clues) => this.lost.push(clues),
        gone: () => {
          this.gone = true;
        },
      },
    );
    this.link.start();
  }

  /** As the engine looks at it about once a second. */
  tick(): SeriesPoint {
    const { place } = this.link.revision;
    const now = this.clock.now();
    if (this.#point === null || this.#glances.isDue(place, now)) {
      this.#point = this.link.tick(this.#lookedAt);
      this.#glances.saw(place, this.link.restsUntil);
    }
    this.#lookedAt = now;
    return this.#point;
  }

  /** As the engine would publish it, without verdicts. */
  view(): LinkView {
    return { ...this.link.figures.view(), verdicts: [], skew: null, gate: { kind: 'open', since: this.clock.now() } };
  }

  get state(): string {
    return this.link.figures.view().state.kind;
  }

  kinds(): string[] {
    return this.happenings.map(({ happening }) => (happening.kind === 'state' ? happening.to.kind : happening.kind));
  }

  /** Opens the newest socket and answers its first ping. */
  async openAndAnswer(): Promise<void> {
    this.net.newest.open();
    await this.clock.advance(3);
    this.net.newest.answer();
  }

  /** Opens socket number `index` of a JSON venue, acks what it was asked and sends one message of number `n`. */
  bringUp(index: number, n = 1): void {
    const socket = this.net.sockets[index];
    if (socket === undefined) throw new Error(`socket ${index} was not dialled`);
    socket.open();
    for (const text of socket.sent) {
      const message = JSON.parse(text);
      if (message.op === 'sub') socket.text(`{"op":"subscribed","id":${message.id}}`);
    }
    socket.text(`{"s":"BTC","n":${n}}`);
  }

  /** Lets time pass while the venue answers every ping at once. */
  async answering(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      const before = this.net.newest.pingCount;
      await this.clock.advance(Math.min(250, ms - passed));
      if (this.net.newest.pingCount > before) this.net.newest.answer();
    }
  }

  end(): void {
    this.link.destroy();
    this.gate.stop();
  }
}
