import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SETTINGS_BUILT_IN, type Settings } from '../../shared/settings.ts';
import { after } from '../../shared/units.ts';
import { api } from '../api/api.ts';
import type { ApiSource } from '../api/apiSource.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { systemClock } from '../engine/systemClock.ts';
import { createHttpServer } from './httpServer.ts';

const TRY_AGAIN_MS = 10_000;

export interface DesktopApiOptions {
  readonly source: ApiSource;
  readonly clock?: Clock;
  /** Asked at each start of the server; may reject. */
  readonly token: () => Promise<string>;
  /** What the user must know, `null` when all is well again. */
  readonly warn: (message: string | null) => void;
  readonly info: (message: string) => void;
}

/** The desktop's API: a server of its own that follows `[api]` of the settings while everything else goes on. */
export class DesktopApi {
  readonly #options: DesktopApiOptions;
  readonly #clock: Clock;
  #server: FastifyInstance | null = null;
  /** The port that was asked for, `null` for no API: what the last change of the settings wanted. */
  #wanted: number | null = null;
  #warning: string | null = null;
  #tryNoMore: Cancel = () => undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DesktopApiOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** The port in use, `null` while it does not listen. */
  get port(): number | null {
    return this.#server === null ? null : (this.#server.server.address() as AddressInfo).port;
  }

  /** Takes effect after what is under way; a port that cannot be had is a warning, never an error, and tried again. */
  follow({ api: settings }: Settings): Promise<void> {
    const wanted = settings?.enabled === true ? (settings.port ?? SETTINGS_BUILT_IN.api.port) : null;
    return this.#inTurn(() => wanted);
  }

  stop(): Promise<void> {
    return this.#inTurn(() => null);
  }

  #inTurn(wanted: () => number | null): Promise<void> {
    this.#turn = this.#turn.then(() => this.#change(wanted()));
    return this.#turn;
  }

  async #change(wanted: number | null): Promise<void> {
    if (wanted === this.#wanted && (wanted === null || this.#server !== null)) return;
    this.#wanted = wanted;
    this.#tryNoMore();
    await this.#server?.close();
    this.#server = null;
    if (wanted === null) return this.#warn(null);
    try {
      this.#server = await this.#listen(wanted);
      this.#warn(null);
      this.#options.info(`the API answers at http://127.0.0.1:${this.port}/api/openapi.json`);
    } catch (error) {
      this.#warn(whyNot(error as NodeJS.ErrnoException, wanted));
      const at = after(this.#clock.now(), TRY_AGAIN_MS);
      this.#tryNoMore = this.#clock.at(at, () => void this.#inTurn(() => this.#wanted));
    }
  }

  /** What is known is not told again at each try. */
  #warn(message: string | null): void {
    if (message === this.#warning) return;
    this.#warning = message;
    this.#options.warn(message);
  }

  async #listen(port: number): Promise<FastifyInstance> {
    const { source, token } = this.#options;
    const server = createHttpServer();
    const portInUse = (): number => (server.server.address() as AddressInfo).port;
    try {
      await server.register(api, { source, clock: this.#clock, token: await token(), port: portInUse });
      await server.listen({ host: '127.0.0.1', port });
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number): string {
  return code === 'EADDRINUSE'
    ? `the API does not answer: port ${port} is in use by another program; end that, or choose another [api] port`
    : `the API does not answer: ${message}`;
}
