import type { MachineView } from '../../shared/snapshot.ts';

export type MemoryReading = Pick<MachineView, 'rssBytes' | 'heapBytes' | 'heapLimitBytes' | 'inflatedBytes'>;

/** A heap this full spends its time on being tidied, and the next large message may end it. */
const ENTER_SHARE = 0.85;
const LEAVE_SHARE = 0.75;

/** This program's own memory, and whether it has become a danger to what it measures (row H8, incident 22). */
export class MemoryGauge {
  #last: MemoryReading = { rssBytes: 0, heapBytes: 0, heapLimitBytes: 0, inflatedBytes: 0 };
  #pressing = false;

  note(reading: MemoryReading): void {
    this.#last = reading;
    const share = reading.heapLimitBytes === 0 ? 0 : reading.heapBytes / reading.heapLimitBytes;
    this.#pressing = share >= (this.#pressing ? LEAVE_SHARE : ENTER_SHARE);
  }

  get last(): MemoryReading {
    return this.#last;
  }

  /** The evidence, as clauses, while memory is short; `null` otherwise. */
  get pressure(): readonly string[] | null {
    if (!this.#pressing) return null;
    const { heapBytes, heapLimitBytes, inflatedBytes } = this.#last;
    const percent = Math.round((100 * heapBytes) / heapLimitBytes);
    return [
      `the engine's heap is ${percent} % full (${mib(heapBytes)} of ${mib(heapLimitBytes)})`,
      ...(inflatedBytes === 0 ? [] : [`its open sockets have inflated ${mib(inflatedBytes)}`]),
    ];
  }
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
