import type { AppView } from '../../src/shared/contract.ts';
import { type DemoFault, lastsMs } from '../../src/shared/demoFault.ts';
import { wallMs } from '../../src/shared/units.ts';
import type { FakeWall } from './fakeTime.ts';

const DEMO = [
  ['tokyo', 'WebSocket'],
  ['frankfurt', 'WebSocket'],
  ['newyork', 'WebSocket'],
  ['chicago', 'TCP lines'],
  ['rest', 'HTTPS'],
] as const;

interface Injected {
  readonly fault: DemoFault;
  readonly at: number;
  endedAt: number | null;
}

/** The demo exchanges, and the fault that each has or had last. */
export class FakeDemo {
  readonly #wall: FakeWall;
  readonly #held = new Map<string, Injected>();

  constructor(wall: FakeWall) {
    this.#wall = wall;
  }

  /** `null` ends the fault. */
  inject(exchange: string, fault: DemoFault | null): void {
    const held = this.#held.get(exchange);
    const now = this.#wall();
    if (held !== undefined) held.endedAt ??= Math.min(now, held.at + lastsMs(held.fault));
    if (fault !== null) this.#held.set(exchange, { fault, at: now, endedAt: fault.kind === 'kill' ? now : null });
  }

  view(): AppView['demo'] {
    const now = this.#wall();
    return DEMO.map(([name, wire]) => {
      const held = this.#held.get(name);
      const injection = held === undefined ? null : injectionOf(held, now);
      return { name, label: `DEMO ${name}`, wire, clients: 1, injection };
    });
  }
}

function injectionOf(held: Injected, now: number) {
  const until = held.at + lastsMs(held.fault);
  const endedAt = held.endedAt ?? (until <= now ? until : null);
  return {
    number: 1,
    fault: held.fault,
    at: wallMs(held.at),
    endedAt: endedAt === null ? null : wallMs(endedAt),
    secsLeft: endedAt === null ? Math.ceil((until - now) / 1000) : null,
  };
}
