import type { LinkConfig, LinkSubscription } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig } from '../../support/linkConfig.ts';
import type { LinkRig } from '../../support/linkRig.ts';

const item = (symbol: string): string => `"${symbol}@trade"`;
const one = (symbol: string): LinkSubscription => ({
  name: `trade:${symbol}`,
  channel: 'trade',
  symbol,
  subscribe: `{"op":"sub","args":[${item(symbol)}],"id":{id}}`,
  unsubscribe: `{"op":"unsub","args":[${item(symbol)}],"id":{id}}`,
  item: item(symbol),
  data: [],
  sequence: null,
  identity: null,
});
const BATCH = {
  subscribe: '{"op":"sub","args":[{all}],"id":{id}}',
  unsubscribe: '{"op":"unsub","args":[{all}],"id":{id}}',
};

/** A link whose venue takes `most` of them in one message, and two messages a second. */
export const batchLink = (symbols: readonly string[], most: number, preset: Partial<Preset> = {}): LinkConfig =>
  linkConfig({
    preset: {
      ...JSON_PRESET,
      ping: { kind: 'protocol' },
      batch: { ...BATCH, most },
      limits: { ...JSON_PRESET.limits, messages: 2 },
      ...preset,
    },
    subscriptions: symbols.map(one),
  });

export const symbols = (count: number): string[] => Array.from({ length: count }, (_, index) => `S${index}`);
export const args = (names: readonly string[]) => new Set(names.map((name) => `${name}@trade`));

interface Said {
  readonly op: string;
  readonly args: readonly string[];
  readonly id: number;
}

/**
 * A venue that takes a message whole or not at all, in the order in which they come: as what it has no `bad` symbol in, and
 * where it is `strict` nothing that it has already, or has not.
 */
export class BatchVenue {
  readonly held = new Set<string>();
  readonly said: Said[] = [];
  /** Subscribed while it had it. */
  twice = 0;
  readonly strict: boolean;
  bad: ReadonlySet<string>;
  /** Subscribes that it leaves unanswered. */
  deaf = 0;
  /** Takes everything, and answers nothing. */
  mute = false;
  /** How long it takes to answer, ms. */
  lagMs = 0;
  readonly #rig: LinkRig;
  readonly #under: { readonly said: Said; readonly dueMs: number }[] = [];
  #heard = 0;
  #pings = 0;
  #nowMs = 0;

  constructor(rig: LinkRig, bad: readonly string[] = [], strict = false) {
    this.#rig = rig;
    this.bad = args(bad);
    this.strict = strict;
  }

  async serve(ms: number, stepMs = 50): Promise<void> {
    const socket = this.#rig.net.newest;
    for (let passed = 0; passed < ms; passed += stepMs) {
      for (; this.#heard < socket.sent.length; this.#heard += 1) {
        const said: Said = JSON.parse(socket.sent[this.#heard] ?? '');
        this.said.push(said);
        this.#under.push({ said, dueMs: this.#nowMs + this.lagMs });
      }
      while (this.#under[0] !== undefined && this.#under[0].dueMs <= this.#nowMs) this.#take(this.#under.shift()?.said);
      if (socket.pingCount > this.#pings) socket.answer();
      this.#pings = socket.pingCount;
      await this.#rig.clock.advance(stepMs);
      this.#nowMs += stepMs;
    }
  }

  /** What was subscribed, and how many in a message. */
  get subscribes(): readonly (readonly string[])[] {
    return this.said.filter(({ op }) => op === 'sub').map((said) => said.args);
  }

  #take(said: Said | undefined): void {
    if (said === undefined) return;
    const isSub = said.op === 'sub';
    if (isSub && this.deaf > 0) {
      this.deaf -= 1;
      return;
    }
    const isNo = said.args.some((arg) => (isSub && this.bad.has(arg)) || (this.strict && this.held.has(arg) === isSub));
    if (!isNo) {
      if (isSub) this.twice += said.args.filter((arg) => this.held.has(arg)).length;
      for (const arg of said.args) this.held[isSub ? 'add' : 'delete'](arg);
    }
    if (!this.mute) this.#rig.net.newest.text(`{"op":"${isNo ? 'error' : 'subscribed'}","id":${said.id}}`);
  }
}
