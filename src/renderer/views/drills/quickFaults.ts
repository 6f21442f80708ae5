import type { DemoFault } from '../../../shared/demoFault.ts';

/** What can be done to a demo exchange at once, from anywhere; the drills have a page of their own. */
export const QUICK_FAULTS: readonly { readonly fault: DemoFault; readonly title: string }[] = [
  { fault: { kind: 'kill' }, title: 'Reset every client’s connection once' },
  { fault: { kind: 'freeze', forSecs: 10 }, title: 'Keep connections open, send not a byte' },
  { fault: { kind: 'refuse', forSecs: 10 }, title: 'Reset, and refuse every new connection' },
];
