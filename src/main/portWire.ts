import type { MessagePort, Worker } from 'node:worker_threads';
import type { Wire } from '../shared/rpc.ts';

/** A wire over a worker thread's port, from either end. */
export function portWire(port: MessagePort | Worker): Wire {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('terminate' in port ? 'exit' : 'close', listener),
    close: () => ('terminate' in port ? void port.terminate() : port.close()),
  };
}
