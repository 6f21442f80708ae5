import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Linux's lists of connections; a client of an address of the one family may have a socket of the other. */
const LISTS: readonly string[] = ['/proc/net/tcp', '/proc/net/tcp6'];
const ROOT = 0;
const ESTABLISHED = '01';

/**
 * True if the program at the other end of a loopback connection is of this account, or of root, who may read everything
 * anyway (WSL's relay for a browser of Windows is root's); true where the system does not tell. Not for often: with thousands
 * of connections the lists take 0.1 s.
 */
export function isOwnPeer(socket: Socket, own = process.getuid?.(), lists = LISTS): boolean {
  // Whatever the address: a stranger can take the same port of another loopback address beside it.
  const ends = lists.flatMap(endsIn).filter(({ from, to }) => from === socket.remotePort && to === socket.localPort);
  // One that its program has let go of is listed as root's.
  return ends.every(({ account, state }) => state === ESTABLISHED && (account === own || account === ROOT));
}

/** One end of a connection. */
interface End {
  readonly from: number;
  readonly to: number;
  readonly state: string;
  readonly account: number;
}

function endsIn(list: string): readonly End[] {
  try {
    return readFileSync(list, 'latin1').trim().split('\n').slice(1).map(endOf);
  } catch {
    return [];
  }
}

function endOf(line: string): End {
  const [, from = '', to = '', state = '', , , , account] = line.trim().split(/\s+/);
  return { from: portOf(from), to: portOf(to), state, account: Number(account) };
}

/** Of `0100007F:0D80`. */
const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);
