import type { WebSocket } from 'ws';
import type { Wire } from '../../shared/rpc.ts';

/** A reader that has not taken this much is cut off; it connects again and starts from a fresh snapshot. */
const MAX_UNSENT_BYTES = 8 * 2 ** 20;

/** A wire over one accepted WebSocket, JSON text. A message that is not JSON ends it. */
export function socketWire(ws: WebSocket): Wire {
  return {
    send: (message) => {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > MAX_UNSENT_BYTES) ws.terminate();
      else ws.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      ws.on('message', (data) => {
        let message: unknown;
        try {
          message = JSON.parse(data.toString());
        } catch {
          ws.close(1007, 'messages are JSON');
          return;
        }
        listener(message);
      });
    },
    onClose: (listener) => void ws.on('close', listener),
    close: () => ws.close(1001),
  };
}
