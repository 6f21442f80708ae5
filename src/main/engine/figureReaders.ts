import type { EngineClient } from '../../shared/contract.ts';
import type { LinkClocks } from '../../shared/linkView.ts';
import { same } from '../../shared/same.ts';
import type { Link } from './link/link.ts';
import type { Clock } from './ports.ts';
import { Readers } from './readers.ts';
import { SliceFeed, type SliceMachine } from './sliceFeed.ts';

/** Who looks at the clocks, the histogram or the slices of which link: at once, and then at the pace of each. */
export class FigureReaders {
  readonly #clock: Clock;
  readonly #machine: SliceMachine;
  readonly #figuresOf: (link: string) => Link['figures'] | undefined;
  readonly #clocks = new Readers<null>();
  readonly #histograms = new Readers<null>();
  readonly #slices = new Readers<null>();

  constructor(clock: Clock, machine: SliceMachine, figuresOf: (link: string) => Link['figures'] | undefined) {
    this.#clock = clock;
    this.#machine = machine;
    this.#figuresOf = figuresOf;
  }

  readonly clocks: EngineClient['clocks'] = ({ link }, onValue) => {
    let told: LinkClocks | null = null;
    const look = (): void => {
      const clocks = this.#figuresOf(link)?.clocks;
      if (clocks === undefined || same(told, clocks)) return;
      told = clocks;
      onValue(clocks);
    };
    const stop = this.#clocks.add(look);
    look();
    return stop;
  };

  readonly histogram: EngineClient['histogram'] = (input, onValue) => {
    const look = (): void => {
      const figures = this.#figuresOf(input.link);
      if (figures !== undefined) onValue({ ...input, histogram: figures.histogram(input.window) });
    };
    const stop = this.#histograms.add(look);
    look();
    return stop;
  };

  readonly slices: EngineClient['slices'] = ({ link, range }, onValue) => {
    const feed = new SliceFeed(range, this.#machine);
    const look = (): void => {
      const log = this.#figuresOf(link)?.slices;
      if (log !== undefined) onValue(feed.frame(log, this.#clock.now(), this.#clock.wall()));
    };
    const stop = this.#slices.add(look);
    look();
    return stop;
  };

  /** Call at the rate of snapshots. */
  publish(): void {
    this.#clocks.tell(null);
  }

  /** Call once a second. */
  tick(): void {
    this.#histograms.tell(null);
    this.#slices.tell(null);
  }
}
