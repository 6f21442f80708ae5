import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SETTINGS_BUILT_IN, type Settings } from '../../shared/settings.ts';
import { api } from '../api/api.ts';
import type { ApiSource } from '../api/apiSource.ts';
import type { Clock } from '../engine/ports.ts';
import { systemClock } from '../engine/systemClock.ts';
import { createHttpServer } from './httpServer.ts';

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
  #server: FastifyInstance | null = null;
  /** The port that was asked for, `null` for no API: what the last change of the settings wanted. */
  #wanted: number | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: DesktopApiOptions) {
    this.#options = options;
  }

  /** The port in use, `null` while it does not listen. */
  get port(): number | null {
    return this.#server === null ? null : (this.#server.server.address() as AddressInfo).port;
  }

  /** Takes effect after what is under way; a port that cannot be had is a warning, never an error. */
  follow({ api: settings }: Settings): Promise<void> {
    const wanted = settings?.enabled === true ? (settings.port ?? SETTINGS_BUILT_IN.api.port) : null;
    this.#turn = this.#turn.then(() => this.#change(wanted));
    return this.#turn;
  }

  stop(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#change(null));
    return this.#turn;
  }

  async #change(wanted: number | null): Promise<void> {
    if (wanted === this.#wanted && (wanted === null || this.#server !== null)) return;
    this.#wanted = wanted;
    await this.#server?.close();
    this.#server = null;
    this.#options.warn(null);
    if (wanted === null) return;
    try {
      this.#server = await this.#listen(wanted);
      this.#options.info(`the API answers at http://127.0.0.1:${this.port}/api/openapi.json`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#options.warn(
        code === 'EADDRINUSE'
          ? `the API does not answer: port ${wanted} is in use by another program; choose another [api] port`
          : `the API does not answer: ${message}`,
      );
    }
  }

  async #listen(port: number): Promise<FastifyInstance> {
    const { source, clock = systemClock, token } = this.#options;
    const server = createHttpServer();
    const portInUse = (): number => (server.server.address() as AddressInfo).port;
    try {
      await server.register(api, { source, clock, token: await token(), port: portInUse });
      await server.listen({ host: '127.0.0.1', port });
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }
}
