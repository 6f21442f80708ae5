import { once } from 'node:events';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createDial } from '../../../src/main/engine/link/transport.ts';
import type { DialTarget } from '../../../src/main/engine/ports.ts';
import { systemClock } from '../../../src/main/engine/systemClock.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig | null = null;
afterEach(() => {
  rig?.end();
  rig = null;
});

/** A link that was up and was cut, 3 ms before its redial is due. */
async function almostDue(): Promise<LinkRig> {
  const made = new LinkRig(linkConfig());
  rig = made;
  await made.openAndAnswer();
  made.net.newest.end({ kind: 'cut', code: 'ECONNRESET' });
  const { state } = made.view();
  if (state.kind !== 'waiting') throw new Error(`it does not wait: ${state.kind}`);
  await made.clock.advance(state.delayMs - 4);
  expect(made.net.prepared).toBe(0);
  await made.clock.advance(1);
  expect(made.net.prepared).toBe(1);
  expect(made.net.sockets).toHaveLength(1);
  return made;
}

it('[L6] the socket of a redial is made just before it is due, and dialled when it is', async () => {
  const { clock, net, link } = await almostDue();
  await clock.advance(2.9);
  expect(net.sockets).toHaveLength(1);
  await clock.advance(0.1);
  expect(net.sockets).toHaveLength(2);
  expect(net.prepared).toBe(1);
  expect(link.generation).toBe(2);
});

it('[L6] other settings make another socket, and a paused link dials none', async () => {
  const changed = await almostDue();
  const url = 'ws://127.0.0.1:9/other';
  changed.link.configure(linkConfig({ url, dialUrl: url, routes: [{ url, dialUrl: url }] }));
  await changed.clock.advance(5_000);
  expect(changed.net.sockets.slice(1).map(({ target }) => target.url)).toEqual([url]);
  expect(changed.link.generation).toBe(2);
  changed.end();

  const paused = await almostDue();
  paused.link.configure(linkConfig({ enabled: false }));
  await paused.clock.advance(5_000);
  expect(paused.net.sockets).toHaveLength(1);
});

it('[L6] a prepared socket opens nothing until it is dialled; a reset of the open one is told once, as a cut', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const accepted: TcpSocket[] = [];
  server.on('connection', (_, request) => accepted.push(request.socket));
  const target: DialTarget = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    headers: null,
    ca: null,
    compression: false,
    maxFrameBytes: 1024,
    maxInflatedBytes: 1024,
    closeTimeoutMs: 1000,
  };
  const dial = createDial(systemClock);
  const forgotten = dial.prepare?.(target);
  const kept = dial.prepare?.(target);
  expect(forgotten).toBeTypeOf('function');
  const ends: DownReason[] = [];
  const ended = new Promise<void>((resolve) => {
    const nothing = (): void => undefined;
    kept?.({
      phase: nothing,
      opened: () => accepted[0]?.resetAndDestroy(),
      message: nothing,
      ping: nothing,
      pong: nothing,
      ended: (reason) => {
        ends.push(reason);
        resolve();
      },
    });
  });
  await ended;
  await new Promise((resolve) => server.close(resolve));
  // What else the socket has to say of its end has been said by then.
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  expect(ends).toEqual([{ kind: 'cut', code: 'ECONNRESET' }]);
  expect(accepted).toHaveLength(1);
});
