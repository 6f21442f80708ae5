import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { EndClues } from '../witness.ts';
import type { Step } from './step.ts';

/** What the sockets ask of their link. */
export interface PrimaryHost {
  config(): LinkConfig;
  /** True in the state `up`. */
  isUp(): boolean;
  /** True while the link waits for its socket to end. */
  isClosing(): boolean;
  step(step: Step, because: string): void;
  tell(happening: LinkHappening, generation?: number): void;
  /** The socket in use has been up for the stability time. */
  stable(): void;
  /** The socket in use, or a dial, has ended, with what it knows about why. */
  lost(clues: EndClues): void;
  /** A socket that was out of use has ended. */
  retiredEnded(): void;
}
