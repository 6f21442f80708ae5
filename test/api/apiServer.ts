import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiOptions, api } from '../../src/main/api/api.ts';
import { createHttpServer } from '../../src/main/hosts/httpServer.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { Waiting } from '../support/waiting.ts';

export const TOKEN = 'the-token';

export interface ApiServer {
  readonly port: number;
  /** Every route that Fastify was given: `GET /api/gate/:link`. */
  readonly routes: readonly string[];
  close(): Promise<void>;
}

/** The real API on a real server on loopback. */
export async function serveApi(options: Omit<ApiOptions, 'token' | 'port'>): Promise<ApiServer> {
  const server = createHttpServer();
  const portInUse = (): number => (server.server.address() as AddressInfo).port;
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`);
  });
  await server.register(api, { ...options, token: TOKEN, port: portInUse });
  await server.listen({ host: '127.0.0.1', port: 0 });
  let open = true;
  const close = async (): Promise<void> => {
    open = false;
    options.source.mirror.stop();
    await server.close();
  };
  mustBeClosed(
    'an API server',
    () => open,
    () => void close(),
  );
  return { port: portInUse(), routes, close };
}

export interface Ask {
  readonly method?: string;
  /** `null`: none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** Of the body, where it is JSON. */
  readonly json: unknown;
}

function requestOf(port: number, path: string, { method = 'GET', token = TOKEN, headers = {}, body }: Ask) {
  const own = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers };
  const request = http.request({ host: '127.0.0.1', port, path, method, headers: own, agent: false });
  request.end(body);
  return request;
}

export async function ask(port: number, path: string, options: Ask = {}): Promise<Answer> {
  const [response] = (await once(requestOf(port, path, options), 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const isJson = response.headers['content-type']?.startsWith('application/json') === true && text !== '';
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

/** What an SSE stream has said: comments as `: …`, events by name. */
export interface Told {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

export class Listener {
  readonly events: Told[] = [];
  comments = 0;
  ended = false;
  readonly #request: http.ClientRequest;
  readonly #waiting = new Waiting();

  private constructor(request: http.ClientRequest, response: http.IncomingMessage) {
    this.#request = request;
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
      this.#waiting.look();
    });
    const end = (): void => {
      this.ended = true;
      this.#waiting.look();
    };
    response.on('error', end).on('close', end);
    mustBeClosed(
      'a listener',
      () => !this.ended && !request.destroyed,
      () => request.destroy(),
    );
  }

  static async open(port: number, path: string, options: Ask = {}): Promise<Listener> {
    const request = requestOf(port, path, options);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    request.on('error', () => undefined);
    if (response.statusCode !== 200) throw new Error(`${path} was answered ${response.statusCode}`);
    return new Listener(request, response);
  }

  get last(): Told {
    const last = this.events.at(-1);
    if (last === undefined) throw new Error('nothing was said yet');
    return last;
  }

  until(isSo: () => boolean): Promise<void> {
    return this.#waiting.until(isSo);
  }

  /** Resolves when so many events have been said in all. */
  said(count: number): Promise<void> {
    return this.until(() => this.events.length >= count);
  }

  close(): void {
    this.#request.destroy();
  }

  #take(block: string): void {
    if (block.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const field = (name: string): string =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2) ?? '';
    this.events.push({ id: field('id'), name: field('event'), data: JSON.parse(field('data')) });
  }
}
