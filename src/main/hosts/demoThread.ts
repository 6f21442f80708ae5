import { Worker } from 'node:worker_threads';
import { connect, type FaultLog } from '../../shared/rpc.ts';
import { type DemoClient, demoContract } from '../demo/contract.ts';
import { portWire } from '../portWire.ts';

/** The demo exchanges on their own thread. */
export interface DemoThread {
  readonly addresses: ReadonlyMap<string, string>;
  /** PEM text of the authority of its HTTPS exchange. */
  readonly ca: string;
  readonly client: DemoClient;
  stop(): Promise<void>;
}

/** Starts the demo. Without it (no loopback port to be had) everything else works: the caller says so and goes on. */
export async function startDemoThread(
  entry: URL,
  onDied: (why: string) => void,
  onFault: FaultLog,
): Promise<DemoThread | null> {
  const worker = new Worker(entry);
  let why = 'it ended without an error';
  let stopping = false;
  worker.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  const lost = (): void => {
    if (!stopping) onDied(why);
  };
  const { client } = connect(demoContract, portWire(worker), lost, onFault);
  const addresses = await client.addresses(null);
  const authority = await client.authority(null);
  if (!addresses.ok || !authority.ok) return null;
  return {
    addresses: new Map(Object.entries(addresses.value)),
    ca: authority.value,
    client,
    stop: async () => {
      stopping = true;
      await worker.terminate();
    },
  };
}
