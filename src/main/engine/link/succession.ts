import type { DownReason } from '../../../shared/linkState.ts';
import type { Timers } from '../timers.ts';
import type { Session } from './session.ts';

export interface Successor {
  readonly session: Session;
  readonly because: DownReason;
}

const BY_SETTINGS: DownReason = { kind: 'asked', by: 'settings' };

/**
 * The socket that is being made ready beside the one in use: at most one.
 *
 * A successor wanted by a person is tried once. One wanted by changed settings is `pending` until it has taken over: it
 * is tried again after each failure, since the link must not stay on settings that are no longer written anywhere.
 */
export class Succession {
  readonly #open: () => Session;
  readonly #timers: Timers<'replace'>;
  readonly #backoffMs: (tries: number) => number;
  #successor: Successor | null = null;
  #pending: { readonly reason: DownReason; readonly tries: number } | null = null;

  constructor(parts: {
    open: () => Session;
    timers: Timers<'replace'>;
    /** The wait before try number `tries` + 1, ms. */
    backoffMs: (tries: number) => number;
  }) {
    this.#open = parts.open;
    this.#timers = parts.timers;
    this.#backoffMs = parts.backoffMs;
  }

  get session(): Session | null {
    return this.#successor?.session ?? null;
  }

  /** Why a successor is being made ready, `null` when none is. */
  get because(): DownReason | null {
    return this.#successor?.because ?? null;
  }

  /** Why changed settings are not in force yet, `null` when they are. */
  get pending(): DownReason | null {
    return this.#pending?.reason ?? null;
  }

  begin(because: DownReason): void {
    this.abandon();
    this.#timers.disarm('replace');
    this.#successor = { session: this.#open(), because };
  }

  /** Cuts the successor, if there is one. What is pending stays so. */
  abandon(): void {
    this.#successor?.session.cut();
    this.#successor = null;
  }

  /** Nothing is wanted any more: the socket in use is, or will be, made with the present settings. */
  forget(): void {
    this.abandon();
    this.#pending = null;
    this.#timers.disarm('replace');
  }

  /** Hands the successor over to be the socket in use; with it the present settings are in force. */
  take(): Successor | null {
    const successor = this.#successor;
    this.#successor = null;
    this.forget();
    return successor;
  }

  /** The successor ended before it was ready. */
  failed(reason: DownReason): void {
    const bySettings = isBySettings(this.#successor?.because);
    this.#successor = null;
    if (!bySettings && this.#pending === null) return;
    const tries = (this.#pending?.tries ?? 0) + 1;
    this.#pending = { reason, tries };
    this.#timers.arm('replace', this.#backoffMs(tries), () => this.begin(BY_SETTINGS));
  }
}

function isBySettings(because: DownReason | undefined): boolean {
  return because?.kind === 'asked' && because.by === 'settings';
}
