import type { z } from 'zod';
import { failed, type Outcome, type Problem } from './outcome.ts';

/**
 * Typed calls and streams over any pipe: a worker port, Electron IPC, a WebSocket, a pair of queues in a test.
 *
 * 1. The serving side trusts nothing: envelope and input are checked before anything is called.
 * 2. A call is answered exactly once; when the pipe is lost every pending call is answered `disconnected`.
 * 3. A stream's first value is whole; each value has a number; on a gap the client opens the stream again.
 * 4. Stopping a stream, and closing, may be done twice.
 */
export interface Wire {
  send(message: unknown): void;
  /** One listener each; messages before it is set are the pipe's to keep or lose. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export interface CommandSpec<I extends z.ZodType, O> {
  readonly verb: 'command';
  readonly input: I;
  readonly output?: O;
}

export interface StreamSpec<I extends z.ZodType, V> {
  readonly verb: 'stream';
  readonly input: I;
  readonly value?: V;
}

/** A call with one input, checked by `input`, that answers an `Outcome` of `O`. */
export const command =
  <O>() =>
  <I extends z.ZodType>(input: I): CommandSpec<I, O> => ({ verb: 'command', input });

/** Values of `V` that come until the stream is stopped. */
export const stream =
  <V>() =>
  <I extends z.ZodType>(input: I): StreamSpec<I, V> => ({ verb: 'stream', input });

// biome-ignore lint/suspicious/noExplicitAny: the bound of a generic contract; members keep their own types
export type Contract = Readonly<Record<string, CommandSpec<any, any> | StreamSpec<any, any>>>;

export type Unsubscribe = () => void;

/** Both what a caller holds and what the serving side implements: a misspelt command does not compile. */
export type ClientOf<C extends Contract> = {
  readonly [K in keyof C]: C[K] extends CommandSpec<infer I, infer O>
    ? (input: z.infer<I>) => Promise<Outcome<O>>
    : C[K] extends StreamSpec<infer I, infer V>
      ? (input: z.infer<I>, onValue: (value: V) => void) => Unsubscribe
      : never;
};

type Request =
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly t: 'open'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly t: 'stop'; readonly id: number };

type Response =
  | { readonly t: 'reply'; readonly id: number; readonly outcome: Outcome<unknown>; readonly fault?: string }
  | { readonly t: 'value'; readonly id: number; readonly seq: number; readonly value: unknown };

export type FaultLog = (where: string, stack: string) => void;

/** What becomes of an exception of the serving side, beside the answer that it is a fault. */
export interface Faults {
  /** Takes out what nobody may read. */
  readonly clean?: (text: string) => string;
  /** Without a log of its own the stack goes over the wire, for the caller's: never do so towards a page. */
  readonly log?: FaultLog;
}

type AnyMethod = (input: unknown, onValue?: (value: unknown) => void) => unknown;

/** Serves `implementation` on `wire` until the wire closes or the returned function is called. */
export function serve<C extends Contract>(
  contract: C,
  implementation: ClientOf<C>,
  wire: Wire,
  { clean = (text) => text, log }: Faults = {},
): Unsubscribe {
  const open = new Map<number, Unsubscribe>();
  const stop = (): void => {
    for (const unsubscribe of open.values()) unsubscribe();
    open.clear();
  };
  wire.onClose(stop);
  wire.onMessage((message) => {
    const request = readRequest(message);
    if (request === null) return;
    if (request.t === 'stop') {
      open.get(request.id)?.();
      open.delete(request.id);
      return;
    }
    void answer(request);
  });
  return () => {
    stop();
    wire.close();
  };

  async function answer(request: Exclude<Request, { t: 'stop' }>): Promise<void> {
    const reply = (outcome: Outcome<unknown>, fault: { readonly fault?: string } = {}): void =>
      wire.send({ t: 'reply', id: request.id, outcome, ...fault } satisfies Response);
    const spec = Object.hasOwn(contract, request.name) ? contract[request.name] : undefined;
    const wanted = request.t === 'call' ? 'command' : 'stream';
    if (spec === undefined || spec.verb !== wanted) {
      return reply(
        failed('unknown-command', `there is no ${wanted} of this name`, request.name, 'update the page: reload it'),
      );
    }
    const checked = spec.input.safeParse(request.input);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      const where = `${request.name}${issue === undefined || issue.path.length === 0 ? '' : `: ${issue.path.join('.')}`}`;
      return reply(
        failed(
          'bad-input',
          issue?.message ?? 'the input is wrong',
          where,
          'this is a fault of the caller; reload the page',
        ),
      );
    }
    const method = implementation[request.name as keyof C] as unknown as AnyMethod;
    try {
      if (request.t === 'call') return reply((await method(checked.data)) as Outcome<unknown>);
      if (open.has(request.id)) return;
      let seq = 0;
      open.set(request.id, () => undefined);
      const unsubscribe = method(checked.data, (value) => {
        if (open.has(request.id)) wire.send({ t: 'value', id: request.id, seq: seq++, value } satisfies Response);
      }) as Unsubscribe;
      if (open.has(request.id)) open.set(request.id, unsubscribe);
      else unsubscribe();
    } catch (error) {
      const stack = clean(stackOf(error));
      log?.(request.name, stack);
      reply(bug(clean(messageOf(error)), request.name), log === undefined ? { fault: stack } : {});
    }
  }
}

/**
 * A client over `wire`. `onLost` is called once when the wire closes from the other side; `onFault` with each exception of
 * the serving side that has no log of its own.
 */
export function connect<C extends Contract>(
  contract: C,
  wire: Wire,
  onLost: () => void = () => undefined,
  onFault: FaultLog = () => undefined,
): { client: ClientOf<C>; close: Unsubscribe } {
  let nextId = 1;
  let lost = false;
  const calls = new Map<number, (outcome: Outcome<unknown>) => void>();
  const streams = new Map<number, OpenStream>();

  wire.onMessage((message) => {
    const response = message as Response;
    if (response.t === 'reply') {
      const { outcome, fault } = response;
      if (fault !== undefined && !outcome.ok) onFault(outcome.problem.where, fault);
      calls.get(response.id)?.(outcome);
      calls.delete(response.id);
      return;
    }
    const held = streams.get(response.id);
    if (held === undefined) return;
    if (response.seq === held.nextSeq) {
      held.nextSeq += 1;
      held.onValue(response.value);
    } else {
      close(held);
      open(held);
    }
  });
  wire.onClose(() => {
    if (lost) return;
    lost = true;
    for (const settle of calls.values()) settle(DISCONNECTED);
    calls.clear();
    streams.clear();
    onLost();
  });

  function open(held: OpenStream): void {
    held.id = nextId++;
    held.nextSeq = 0;
    streams.set(held.id, held);
    wire.send({ t: 'open', id: held.id, name: held.name, input: held.input } satisfies Request);
  }

  function close(held: OpenStream): void {
    if (streams.delete(held.id)) wire.send({ t: 'stop', id: held.id } satisfies Request);
  }

  function call(name: string, input: unknown): Promise<Outcome<unknown>> {
    if (lost) return Promise.resolve(DISCONNECTED);
    return new Promise((resolve) => {
      const id = nextId++;
      calls.set(id, resolve);
      wire.send({ t: 'call', id, name, input } satisfies Request);
    });
  }

  function subscribe(name: string, input: unknown, onValue: (value: unknown) => void): Unsubscribe {
    const held: OpenStream = { id: 0, name, input, onValue, nextSeq: 0 };
    if (!lost) open(held);
    return () => close(held);
  }

  const client: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(contract)) {
    client[name] =
      spec.verb === 'command'
        ? (input: unknown) => call(name, input)
        : (input: unknown, onValue: (value: unknown) => void) => subscribe(name, input, onValue);
  }
  return { client: client as ClientOf<C>, close: () => wire.close() };
}

interface OpenStream {
  id: number;
  readonly name: string;
  readonly input: unknown;
  readonly onValue: (value: unknown) => void;
  nextSeq: number;
}

const DISCONNECTED = failed(
  'disconnected',
  'the connection to Warmwire’s engine was lost before it answered',
  'this window',
  'wait for it to come back, then try again',
);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const stackOf = (error: unknown): string => (error instanceof Error && error.stack) || messageOf(error);

function bug(message: string, name: string): Outcome<never> {
  const problem: Problem = {
    kind: 'bug',
    message,
    where: name,
    hint: 'this is a fault in Warmwire; the log has the details',
  };
  return { ok: false, problem };
}

function readRequest(message: unknown): Request | null {
  if (typeof message !== 'object' || message === null) return null;
  const { t, id, name, input } = message as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return null;
  if (t === 'stop') return { t, id };
  if ((t === 'call' || t === 'open') && typeof name === 'string') return { t, id, name, input };
  return null;
}
