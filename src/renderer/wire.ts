import { TOKEN_KEY } from '../shared/pageToken.ts';
import type { Wire } from '../shared/rpc.ts';
import { keptInTab } from './ui/kept.ts';

/** Why a wire ended: `lost` is dialled again, `refused` needs a new address. */
export type Loss = 'lost' | 'refused';

/** The way to the engine that this page was given. A door opens one wire at a time. */
export interface Door {
  /** `whyLost` says, once the wire has closed, what kind of end it was. */
  open(): { readonly wire: Wire; readonly whyLost: () => Loss };
}

/** What the preload puts into a desktop window. */
interface Bridge {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

declare global {
  interface Window {
    readonly warmwire?: Bridge;
  }
}

const REFUSED = 4401;
/** What a subprotocol may consist of (RFC 9110 token): a WebSocket made with anything else throws. */
const PROTOCOL_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** The desktop's bridge, else a WebSocket with the token of the address; `null` when there is no token. */
export function findDoor(): Door | null {
  const bridge = window.warmwire;
  if (bridge !== undefined) return bridgeDoor(bridge);
  takeToken();
  const token = keptInTab.read(TOKEN_KEY);
  return token === null ? null : socketDoor(token);
}

/** Moves `#token=...` from the address, where it would be seen, into this tab. True if there was one. */
export function takeToken(): boolean {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null || !PROTOCOL_NAME.test(token)) return false;
  keptInTab.keep(TOKEN_KEY, token);
  window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}#/`);
  return true;
}

function bridgeDoor(bridge: Bridge): Door {
  return {
    open: () => ({
      wire: {
        send: (message) => bridge.send(message),
        onMessage: (listener) => bridge.onMessage(listener),
        // A window and its main process end together.
        onClose: () => undefined,
        close: () => undefined,
      },
      whyLost: () => 'lost',
    }),
  };
}

function socketDoor(token: string): Door {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return {
    open: () => {
      const socket = new WebSocket(`${scheme}://${window.location.host}/wire`, [
        'warmwire.v1',
        `warmwire.token.${token}`,
      ]);
      let loss: Loss = 'lost';
      let waiting: string[] = [];
      socket.addEventListener('open', () => {
        for (const text of waiting) socket.send(text);
        waiting = [];
      });
      const wire: Wire = {
        send: (message) => {
          const text = JSON.stringify(message);
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
          else if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
        },
        onMessage: (listener) =>
          socket.addEventListener('message', (event) => listener(JSON.parse(String(event.data)))),
        onClose: (listener) =>
          socket.addEventListener('close', (event) => {
            if (event.code === REFUSED) loss = 'refused';
            listener();
          }),
        close: () => socket.close(1000),
      };
      return { wire, whyLost: () => loss };
    },
  };
}
