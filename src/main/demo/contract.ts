import { z } from 'zod';
import { type DemoExchange, DemoFaultSchema } from '../../shared/demoFault.ts';
import { type ClientOf, command, stream } from '../../shared/rpc.ts';

/** What the demo's own thread is asked for. */
export const demoContract = {
  /** Where each address of an exchange listens on this machine, by its name: `ws://`, for lines `tcp://`, for requests `https://`. */
  addresses: command<Readonly<Record<string, string>>>()(z.null()),
  /** PEM text of the authority that the `https://` ones are signed by. */
  authority: command<string>()(z.null()),
  /** `null` ends the fault in force. */
  inject: command<null>()(z.strictObject({ exchange: z.string(), fault: DemoFaultSchema.nullable() })),
  /** At once, and whenever something about an exchange changed; an entry for each address. */
  status: stream<readonly DemoExchange[]>()(z.null()),
} as const;

export type DemoClient = ClientOf<typeof demoContract>;
