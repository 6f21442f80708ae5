import type { DialGate } from '../dialGate.ts';
import type { SharedBudgets } from '../sharedBudgets.ts';
import type { Slots } from '../slots.ts';
import type { LocalStall } from '../stall.ts';
import type { Revisions } from './revision.ts';

/** What all links of one engine share. */
export interface Commons {
  readonly stall: LocalStall;
  readonly gate: DialGate;
  readonly slots: Slots;
  readonly budgets: SharedBudgets;
  readonly revisions: Revisions;
  /** The same text without secrets. */
  readonly clean: (text: string) => string;
}
