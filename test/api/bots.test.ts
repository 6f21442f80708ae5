import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Headless, startHeadless } from '../support/headless.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { Waiting } from '../support/waiting.ts';

/** The example bots as a user starts them, against the three demo exchanges of a running Warmwire. */
const EXAMPLES = resolve(import.meta.dirname, '../../resources/examples');
const LINKS = ['demo-frankfurt', 'demo-tokyo', 'demo-chicago'];
const OTHERS = ['demo-frankfurt', 'demo-chicago'];
const CLOSED = 'demo-tokyo';

/** The demo, but for a gate that opens sooner and does not close because a busy machine holds the demo up. */
const SETTINGS = `[gate]
reopen_after_secs = 1
${LINKS.map(
  (link) => `[link.${link}]
preset = "${link.replace('-', '_')}"
subscribe = ["${link === 'demo-chicago' ? 'tick' : 'ticker'}:BTC-USD"]
ping_interval_secs = 0.2
fit_p99_ms = 5000
`,
).join('')}`;

const BOTS = [
  { language: 'Node', command: [process.execPath, `${EXAMPLES}/bot.mjs`] },
  { language: 'Python', command: ['python3', `${EXAMPLES}/bot.py`] },
] as const;

/** Where the orders go: counts them by link. */
class Sink {
  readonly orders: string[] = [];
  readonly #waiting = new Waiting();
  readonly #server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      this.orders.push((JSON.parse(body) as { link: string }).link);
      response.end();
      this.#waiting.look();
    });
  });

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    mustBeClosed(
      'an order sink',
      () => this.#server.listening,
      () => void this.close(),
    );
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/orders`;
  }

  count(link: string): number {
    return this.orders.filter((one) => one === link).length;
  }

  /** Resolves when each of these has got so many more orders. */
  more(links: readonly string[], count: number): Promise<void> {
    const goals = links.map((link) => [link, this.count(link) + count] as const);
    return this.#waiting.until(() => goals.every(([link, goal]) => this.count(link) >= goal));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let warmwire: Headless;
let sink: Sink;
let bot: ChildProcess;
let said = '';
const hears = new Set<() => void>();

beforeEach(async () => {
  warmwire = await startHeadless(SETTINGS);
  sink = new Sink();
  said = '';
});
afterEach(async () => {
  const gone = once(bot, 'exit');
  bot.kill('SIGKILL');
  await gone;
  sink.close();
  await warmwire.stop();
});

async function startBot(command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  bot = spawn(program, args, {
    env: {
      ...process.env,
      WARMWIRE_URL: `http://127.0.0.1:${warmwire.port}`,
      WARMWIRE_TOKEN: warmwire.token,
      ORDERS_URL: await sink.open(),
      ORDER_EVERY_MS: '50',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bot.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    for (const look of hears) look();
  });
}

const says = (pattern: RegExp, times = 1): Promise<void> =>
  new Promise((done) => {
    const look = (): void => {
      if ((said.match(new RegExp(pattern, 'g'))?.length ?? 0) < times) return;
      hears.delete(look);
      done();
    };
    hears.add(look);
    look();
  });

describe.each(BOTS)('the bot in $language', ({ command }) => {
  const runs = spawnSync(command[0], ['--version']).status === 0;

  it.skipIf(!runs)(
    'G1: sends no order over a link whose breaker is open, all of them elsewhere, goes on after it closes, and stops when the stream is lost',
    { timeout: 180_000 },
    async () => {
      await startBot(command);
      await sink.more(LINKS, 20);
      const client = await warmwire.client();

      await client.setBreaker({ link: CLOSED, open: true });
      await says(/demo-tokyo: stopped, the breaker is open/);
      // What was on its way when the gate closed has arrived before the next two rounds have.
      await sink.more(OTHERS, 2);
      const closedAt = sink.orders.length;
      await sink.more(OTHERS, 40);
      const during = sink.orders.slice(closedAt);
      expect(during.filter((link) => link === CLOSED)).toEqual([]);
      const [first = 0, second = 0] = OTHERS.map((link) => during.filter((one) => one === link).length);
      expect(Math.abs(first - second)).toBeLessThanOrEqual(2);

      await client.setBreaker({ link: CLOSED, open: false });
      await sink.more(LINKS, 20);
      expect(said).toMatch(/demo-tokyo: trading[\s\S]*demo-tokyo: stopped[\s\S]*demo-tokyo: trading/);
      expect(said).not.toMatch(/demo-(frankfurt|chicago): stopped, (?!this machine is held up)/);

      // A lost stream is a closed gate.
      await warmwire.stop();
      // Orders that were on their way are in by the time the bot has tried, and failed, to come back.
      await says(/all stopped/, 2);
      const count = sink.orders.length;
      await says(/all stopped/, 5);
      expect(sink.orders.length).toBe(count);
    },
  );
});
