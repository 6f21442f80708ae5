import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import PartySocket from 'partysocket/ws';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { WebSocket } from 'ws';
import { Engine } from '../src/main/engine/engine.ts';
import { createDial } from '../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../src/main/engine/pool/httpSocket.ts';
import type { Dial, SocketListener } from '../src/main/engine/ports.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { policyOf } from '../src/main/settings/policy.ts';
import type { LinkConfig, Policy } from '../src/shared/engineConfig.ts';
import type { LinkEvent } from '../src/shared/events.ts';
import { BUILT_IN } from '../src/shared/knobs.ts';
import type { Snapshot } from '../src/shared/snapshot.ts';
import { engineConfig, linkConfig } from '../test/support/linkConfig.ts';

/** The next message of a worker or a child. */
export async function answer<T>(of: Worker | ChildProcess): Promise<T> {
  const [message] = (await once(of, 'message')) as [T];
  return message;
}

/** A link with the built-in values, jitter included, unless `change` says otherwise. */
export function benchLink(
  name: string,
  url: string,
  change: Partial<Omit<LinkConfig, 'policy'>> = {},
  policy: Partial<Policy> = {},
): LinkConfig {
  return linkConfig({
    name,
    url,
    dialUrl: url,
    routes: [{ url, dialUrl: url }],
    ...change,
    policy: { ...policyOf(BUILT_IN), ...policy },
  });
}

/** The same preset with so high a limit of dials a second that it does not hold the bench up. */
export function withDials(preset: LinkConfig['preset'], dials: number): LinkConfig['preset'] {
  return { ...preset, limits: { ...preset.limits, dials, dials_window_secs: 1 } };
}

/** The engine in this process, with the one reader of snapshots that the app always has unless `reader` is false. */
export function startEngine(
  onEvent: (event: LinkEvent) => void,
  dial: Dial = createDial(systemClock),
  reader = true,
): Engine {
  const engine = new Engine({
    clock: systemClock,
    random: Math.random,
    dial,
    openHttp: createOpenHttp(systemClock),
    secret: () => null,
    networkAddresses: () => 'loopback',
    memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
    fetchText: () => Promise.reject(new Error('no web here')),
  });
  if (reader) engine.snapshots(null, () => undefined);
  engine.events(null, (events) => {
    for (const event of events) onEvent(event);
  });
  return engine;
}

export const run = (engine: Engine, links: readonly LinkConfig[]): Promise<unknown> =>
  engine.configure(engineConfig(links));

/** All links as they are now. */
export function snapshotOf(engine: Engine): Snapshot {
  let snapshot: Snapshot | null = null;
  engine.snapshots(null, (frame) => {
    if (frame.kind === 'whole') snapshot = frame.snapshot;
  })();
  if (snapshot === null) throw new Error('could not measure: no snapshot');
  return snapshot;
}

/** `listener`, and before it whoever wants to hear the same. */
export function heardBy(tap: Partial<SocketListener>, listener: SocketListener): SocketListener {
  return {
    phase: (phase) => {
      tap.phase?.(phase);
      listener.phase(phase);
    },
    opened: (address, timings) => {
      tap.opened?.(address, timings);
      listener.opened(address, timings);
    },
    message: (frame, binary) => {
      tap.message?.(frame, binary);
      listener.message(frame, binary);
    },
    ping: (payload) => {
      tap.ping?.(payload);
      listener.ping(payload);
    },
    pong: (payload) => {
      tap.pong?.(payload);
      listener.pong(payload);
    },
    ended: (reason) => {
      tap.ended?.(reason);
      listener.ended(reason);
    },
  };
}

export const PEERS = ['reconnecting-websocket', 'partysocket'] as const;
export type PeerName = (typeof PEERS)[number];

export interface Peer {
  onOpen: (send: (text: string) => void) => void;
  onMessage: (text: string) => void;
  /** It has noticed that its connection is gone. */
  onLost: () => void;
  close(): void;
}

/** One of the libraries beside Warmwire, with its defaults and `ws` as its socket. */
export function openPeer(name: PeerName, url: string): Peer {
  const made: WebSocket[] = [];
  class Tracked extends WebSocket {
    constructor(address: string) {
      super(address, { perMessageDeflate: false });
      made.push(this);
    }
  }
  const socket =
    name === 'partysocket'
      ? new PartySocket(url, [], { WebSocket: Tracked })
      : new ReconnectingWebSocket(url, [], { WebSocket: Tracked });
  const peer: Peer = {
    onOpen: () => undefined,
    onMessage: () => undefined,
    onLost: () => undefined,
    close: () => {
      socket.close();
      for (const ws of made) ws.terminate();
    },
  };
  socket.onopen = () => peer.onOpen((text) => socket.send(text));
  socket.onmessage = (event: { readonly data: unknown }) => peer.onMessage(String(event.data));
  socket.onclose = () => peer.onLost();
  socket.onerror = () => peer.onLost();
  return peer;
}
