import { type DemoFault, type DemoInjection, lastsMs } from '../../shared/demoFault.ts';
import { after, type MonoMs, type WallMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';

interface Injected {
  readonly number: number;
  readonly fault: DemoFault;
  readonly at: WallMs;
  readonly until: MonoMs;
  readonly endedAt: WallMs | null;
}

/** The one fault that an exchange can have, and when it ends. */
export class FaultSlot {
  readonly #clock: Clock;
  readonly #over: () => void;
  #injected: Injected | null = null;
  #wait: Cancel = () => undefined;

  /** `over` is called when the time of a fault has passed; the slot is still taken then. */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** The fault in force. */
  get fault(): DemoFault | null {
    return this.#injected === null || this.#injected.endedAt !== null ? null : this.#injected.fault;
  }

  /** Call right before the deed: the time that drills are measured from is read here. */
  begin(fault: DemoFault): void {
    this.#wait();
    const at = this.#clock.wall();
    const until = after(this.#clock.now(), lastsMs(fault));
    const number = (this.#injected?.number ?? 0) + 1;
    this.#injected = { number, fault, at, until, endedAt: fault.kind === 'kill' ? at : null };
    if (fault.kind !== 'kill') this.#wait = this.#clock.at(until, this.#over);
  }

  end(): void {
    this.#wait();
    if (this.#injected?.endedAt === null) this.#injected = { ...this.#injected, endedAt: this.#clock.wall() };
  }

  view(): DemoInjection | null {
    if (this.#injected === null) return null;
    const { number, fault, at, endedAt, until } = this.#injected;
    const secsLeft = endedAt === null ? Math.max(0, Math.ceil((until - this.#clock.now()) / 1000)) : null;
    return { number, fault, at, endedAt, secsLeft };
  }
}
