import { z } from 'zod';
import { DEMO_FAULTS, type DemoExchange } from '../../shared/contract.ts';
import { type ClientOf, command, stream } from '../../shared/rpc.ts';

/** What the demo's own thread is asked for. */
export const demoContract = {
  /** The loopback address of each exchange, by its name. */
  addresses: command<Readonly<Record<string, string>>>()(z.null()),
  inject: command<null>()(
    z.strictObject({ exchange: z.string(), fault: z.enum(DEMO_FAULTS), forMs: z.number().min(0).max(600_000) }),
  ),
  /** At once, and whenever something about an exchange changed. */
  status: stream<readonly DemoExchange[]>()(z.null()),
} as const;

export type DemoClient = ClientOf<typeof demoContract>;
