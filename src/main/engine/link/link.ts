import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { countsAsUp } from '../../../shared/health.ts';
import { isHeldOpen, reasonText } from '../../../shared/linkState.ts';
import type { SeriesPoint } from '../../../shared/rttView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { Ports } from '../ports.ts';
import { type EndClues, goalOf, type Witness } from '../witness.ts';
import { Books, type Figures, type LinkSubject } from './books.ts';
import type { Commons } from './commons.ts';
import { configChange } from './configChange.ts';
import type { ControlLog } from './controlLog.ts';
import { Helm } from './helm.ts';
import { inForce } from './linkView.ts';
import { Primary } from './primary.ts';
import { refit } from './refit.ts';
import type { Revision } from './revision.ts';
import { SecondLook } from './secondLook.ts';
import type { Session } from './session.ts';
import type { Spares } from './spares.ts';

export interface LinkListener {
  happened(happening: LinkHappening, generation: number): void;
  /** The socket in use, or a dial, has ended, with what it knows about why. */
  lost(clues: EndClues): void;
  /** A removed link has nothing open any more. */
  gone(): void;
}

/**
 * One link as the engine has it: what its settings and people may ask of it, and what may be read. Its course is `Helm`'s;
 * its sockets are `Primary`'s, whose news comes back as steps.
 */
export class Link {
  readonly name: string;
  readonly revision: Revision;
  readonly #ports: Ports;
  readonly #commons: Commons;
  readonly #listener: LinkListener;
  readonly #helm: Helm;
  readonly #books: Books;
  readonly #primary: Primary;
  readonly #second: SecondLook;
  #config: LinkConfig;
  #removed = false;

  constructor(config: LinkConfig, ports: Ports, commons: Commons, listener: LinkListener) {
    this.name = config.name;
    this.#config = config;
    this.#ports = ports;
    this.#commons = commons;
    this.#listener = listener;
    this.#books = new Books({
      now: ports.clock.now(),
      revision: commons.revisions.take(),
      subject: () => this.#subject(),
      session: () => this.#session,
      tell: (happening, generation) => this.#tell(happening, generation),
    });
    this.revision = this.#books.revision;
    this.#primary = new Primary({
      host: {
        config: () => this.#config,
        isUp: () => this.#helm.course.state.kind === 'up',
        isClosing: () => this.#helm.course.state.kind === 'closing',
        step: (step, because) => this.#helm.step(step, because),
        tell: (happening, generation) => this.#tell(happening, generation),
        stable: () => this.#helm.stable(),
        lost: (clues) => listener.lost(clues),
        retiredEnded: () => this.#tellIfGone(),
      },
      owner: this,
      ports,
      commons,
      books: this.#books,
    });
    this.#helm = new Helm({
      ports,
      gate: commons.gate,
      books: this.#books,
      primary: this.#primary,
      config: () => this.#config,
      tell: (happening, generation) => this.#tell(happening, generation),
      left: () => {
        this.#removed = true;
        this.#tellIfGone();
      },
    });
    this.#second = new SecondLook(ports.clock, this.#books, this.#primary, this.#helm);
  }

  start(): void {
    this.#holdSlot();
    if (this.#config.enabled) this.#helm.start('');
  }

  /** Takes over a new configuration of the same name. */
  configure(config: LinkConfig): void {
    const change = configChange(this.#config, config);
    if (change.changed.length === 0) return;
    const before = this.#config;
    this.#config = config;
    const parts = {
      helm: this.#helm,
      primary: this.#primary,
      holdSlot: () => this.#holdSlot(),
      tell: (happening: LinkHappening) => this.#tell(happening),
    };
    refit(parts, before, config, change);
  }

  /** Row L11. Graceful where a socket is open; otherwise, and if `hard`, a new dial at once. */
  reconnect(manner: 'graceful' | 'hard'): void {
    this.#spares.anew();
    if (manner === 'graceful' && this.#helm.hasOpenSocket) {
      this.#helm.step({ kind: 'seen-to' }, '');
      this.#spares.replacing.want('user');
      return this.#spares.keep();
    }
    if (manner === 'graceful' && this.#helm.isYielding) return;
    this.#spares.drop();
    this.#spares.routes.avoidAsked();
    this.#helm.step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'user' }));
  }

  /** Row L8: a person takes the link out of use, or lets it dial again. */
  setBreaker(open: boolean): void {
    this.#tell({ kind: 'breaker', open });
    if (open) {
      this.#spares.drop();
      this.#helm.step({ kind: 'open-breaker' }, reasonText({ kind: 'asked', by: 'breaker' }));
      return;
    }
    this.#spares.anew();
    if (this.#helm.course.state.kind === 'blocked') this.#spares.routes.avoidAsked();
    this.#helm.step({ kind: 'close-breaker' }, 'you closed its breaker');
    this.#spares.keep();
  }

  /** Row L16: this machine slept. Open sockets are suspect until they answer, waits are cut short. */
  wake(): void {
    this.#session?.probe();
    for (const spare of this.#spares.ofUse) spare.probe();
    this.#spares.plan.arm();
    this.#helm.hurry();
  }

  /** Row L16: a VPN, a container's network: another address of this machine is no reason to distrust a socket. */
  networkChanged(): void {
    this.#session?.ask();
    for (const spare of this.#spares.ofUse) spare.ask();
    this.#helm.hurry();
  }

  /** The number of the socket in use, or of the last one. */
  get generation(): number {
    return this.#primary.generation;
  }

  get isPaused(): boolean {
    return this.#helm.course.state.kind === 'paused' || this.#helm.course.state.kind === 'closing';
  }

  /** A person took it out of use until its breaker is closed by hand. */
  get isHeld(): boolean {
    return isHeldOpen(this.#helm.course.state);
  }

  acknowledge(): void {
    this.#helm.acknowledge();
  }

  /** Ends the link; `gone` follows when its last socket has ended. */
  remove(by: 'settings' | 'shutdown'): void {
    this.#helm.remove(by);
  }

  /** Destroys everything at once, without waiting. */
  destroy(): void {
    this.#helm.stop();
    this.#primary.cut();
    this.#commons.slots.forget(this);
  }

  /** Call about once a second, but for a link at rest: what the figures ask for, and one point for the charts. */
  tick(lookedAt: MonoMs): SeriesPoint {
    return this.#second.tick(lookedAt);
  }

  /** Unless something happens it need not be looked at before. */
  get restsUntil(): number {
    return this.#second.restsUntil;
  }

  /** Everything counted and concluded, to be read. */
  get figures(): Figures {
    return this.#books;
  }

  /** What its sockets said and heard that was no data. */
  get control(): ControlLog {
    return this.#primary.sockets.control;
  }

  /** Where the venue's time can be asked, `null` if nowhere. */
  get clockUrl(): string | null {
    return this.#config.enabled ? (this.#config.preset.clock?.url ?? null) : null;
  }

  /** What the socket in use has inflated, bytes. */
  get inflatedBytes(): number {
    return this.#session?.inflatedBytes ?? 0;
  }

  /** What an inquiry into this or another link may ask. */
  witness(): Witness {
    const { state } = this.#helm.course;
    const isUp = countsAsUp(state);
    const provedQuiet = this.#primary.sockets.staleLimitMs > this.#config.policy.dataTimeoutMs;
    const config = inForce({ config: this.#config, session: this.#session });
    return {
      name: this.name,
      ...goalOf(config),
      enabled: this.#config.enabled,
      openedAt: this.#session?.openedAt ?? null,
      heardAt: this.#session?.clocks.bytesAt ?? null,
      tries:
        state.kind === 'connecting' || state.kind === 'waiting' || (state.kind === 'blocked' && state.until !== null),
      open: isUp ? (this.#session?.openClues({ provedQuiet, missedInARow: this.#books.missedInARow }) ?? null) : null,
    };
  }

  /** Row L12: a person wants a change of sockets, make before break. Answers why it is not done, `null` if it is. */
  rotate(): string | null {
    return this.#helm.hasOpenSocket ? this.#spares.replacing.byHand() : 'it has no open socket';
  }

  /** A paused link takes no place at its venue. */
  #holdSlot(): void {
    if (this.#config.enabled) this.#commons.slots.hold(this, this.#config, this.#spares);
    else this.#commons.slots.forget(this);
  }

  get #session(): Session | null {
    return this.#primary.session;
  }

  get #spares(): Spares {
    return this.#primary.spares;
  }

  #subject(): LinkSubject {
    return {
      config: this.#config,
      course: this.#helm.course,
      session: this.#session,
      sockets: this.#primary.sockets,
      spares: this.#spares,
      now: this.#ports.clock.now(),
    };
  }

  #tellIfGone(): void {
    if (!this.#removed || this.#session !== null || !this.#primary.sockets.noneRetiring) return;
    this.#commons.slots.forget(this);
    this.#listener.gone();
  }

  #tell(happening: LinkHappening, generation: number = this.generation): void {
    this.#books.touch();
    this.#listener.happened(happening, generation);
  }
}
