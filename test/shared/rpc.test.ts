import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { failed, ok } from '../../src/shared/outcome.ts';
import { type ClientOf, command, connect, serve, stream } from '../../src/shared/rpc.ts';
import { until } from '../support/until.ts';
import { wirePair } from '../support/wirePair.ts';

const contract = {
  double: command<number>()(z.number()),
  broken: command<null>()(z.null()),
  slow: command<null>()(z.null()),
  count: stream<number>()(z.strictObject({ from: z.number() })),
} as const;

function setUp() {
  const wires = wirePair();
  const emitters = new Set<(value: number) => void>();
  const implementation: ClientOf<typeof contract> = {
    double: async (input) => ok(input * 2),
    broken: async () => {
      throw new Error('a bug inside');
    },
    slow: () => new Promise(() => undefined),
    count: ({ from }, onValue) => {
      emitters.add(onValue);
      onValue(from);
      return () => void emitters.delete(onValue);
    },
  };
  serve(contract, implementation, wires.far);
  const onLost = vi.fn();
  return { ...wires, emitters, onLost, ...connect(contract, wires.near, onLost) };
}

it('[D1] a call crosses the wire and comes back', async () => {
  expect(await setUp().client.double(21)).toEqual(ok(42));
});

it('[D1] an input that does not fit the contract answers a problem and never reaches the implementation', async () => {
  const outcome = await setUp().client.double('21' as unknown as number);
  expect(outcome).toMatchObject({ ok: false, problem: { kind: 'bad-input' } });
});

it('[D1] an unknown command answers a problem and the server goes on', async () => {
  const { near, client } = setUp();
  const replies: unknown[] = [];
  near.send({ t: 'call', id: 900, name: 'formatDisk', input: null });
  near.send({ t: 'call', id: 901, name: '__proto__', input: null });
  near.send({ t: 'call', id: 902, name: 'count', input: { from: 1 } });
  for (const junk of [null, 'x', 7, [], { t: 'call' }, { t: 'call', id: 'a', name: 'double' }, { id: 1 }])
    near.send(junk);
  replies.push(await client.double(1));
  expect(replies).toEqual([ok(2)]);
});

it('[D1] the log has the stack of an exception: the serving side’s own, or, where it has none, the caller’s', async () => {
  const implementation: ClientOf<typeof contract> = {
    double: async () => {
      throw new Error('the key is s3cret');
    },
    broken: async () => ok(null),
    slow: async () => ok(null),
    count: () => {
      throw new Error('no s3cret stream');
    },
  };
  const clean = (text: string): string => text.replaceAll('s3cret', '•••');
  const fault = expect.stringMatching(/^Error: the key is •••\n +at .*rpc\.test/);
  const own = wirePair();
  const [log, onFault] = [vi.fn(), vi.fn()];
  serve(contract, implementation, own.far, { clean, log });
  const { client } = connect(contract, own.near, undefined, onFault);
  expect(await client.double(1)).toMatchObject({ problem: { kind: 'bug', message: 'the key is •••' } });
  expect(log.mock.calls).toEqual([['double', fault]]);
  expect(onFault).not.toHaveBeenCalled();
  expect(JSON.stringify(own.far.sent)).not.toContain('rpc.test');

  const thread = wirePair();
  serve(contract, implementation, thread.far, { clean });
  const { client: caller } = connect(contract, thread.near, undefined, onFault);
  await caller.double(1);
  caller.count({ from: 1 }, () => undefined);
  await until(() => expect(onFault).toHaveBeenCalledTimes(2));
  expect(onFault.mock.calls).toEqual([
    ['double', fault],
    ['count', expect.stringMatching(/^Error: no ••• stream\n/)],
  ]);
});

it('[D1] an exception is a problem of kind bug, not a lost answer', async () => {
  expect(await setUp().client.broken(null)).toMatchObject({
    ok: false,
    problem: { kind: 'bug', message: 'a bug inside' },
  });
});

it('[D1] a lost wire answers every pending and every later call', async () => {
  const { client, cut, onLost } = setUp();
  const pending = client.slow(null);
  cut();
  expect(await pending).toMatchObject({ ok: false, problem: { kind: 'disconnected' } });
  expect(await client.double(1)).toMatchObject({ ok: false, problem: { kind: 'disconnected' } });
  expect(onLost).toHaveBeenCalledTimes(1);
});

it('[D1] a stream gives its first value, then changes, until it is stopped, which may be done twice', async () => {
  const { client, emitters } = setUp();
  const seen: number[] = [];
  const stop = client.count({ from: 5 }, (value) => seen.push(value));
  await until(() => expect(seen).toEqual([5]));
  for (const emit of emitters) emit(6);
  await until(() => expect(seen).toEqual([5, 6]));
  stop();
  stop();
  await until(() => expect(emitters.size).toBe(0));
});

it('[D1] a lost wire stops the streams of the serving side', async () => {
  const { client, emitters, cut } = setUp();
  client.count({ from: 1 }, () => undefined);
  await until(() => expect(emitters.size).toBe(1));
  cut();
  expect(emitters.size).toBe(0);
});

it('[D1] after a gap in the numbers the client opens the stream again and gets a whole value', async () => {
  const wires = wirePair();
  const { client } = connect(contract, wires.near);
  const seen: number[] = [];
  client.count({ from: 1 }, (value) => seen.push(value));
  await Promise.resolve();
  const { id } = wires.near.sent[0] as { id: number };
  wires.far.send({ t: 'value', id, seq: 0, value: 1 });
  wires.far.send({ t: 'value', id, seq: 2, value: 3 });
  await until(() =>
    expect(wires.near.sent.map((message) => (message as { t: string }).t)).toEqual(['open', 'stop', 'open']),
  );
  const again = (wires.near.sent[2] as { id: number }).id;
  wires.far.send({ t: 'value', id: again, seq: 0, value: 10 });
  await until(() => expect(seen).toEqual([1, 10]));
});

it('[D1] problems pass as they are', async () => {
  const wires = wirePair();
  const problem = failed('unknown-link', 'no such link', 'x', 'reload');
  serve({ double: contract.double }, { double: async () => problem }, wires.far);
  expect(await connect({ double: contract.double }, wires.near).client.double(1)).toEqual(problem);
});
