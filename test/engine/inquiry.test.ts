import { afterEach, describe, expect, it } from 'vitest';
import { Inquiry } from '../../src/main/engine/inquiry.ts';
import { type EndClues, goalOf, type OpenClues, type Witness } from '../../src/main/engine/witness.ts';
import type { DownReason, LinkState } from '../../src/shared/linkState.ts';
import { PLAIN_PRESET } from '../../src/shared/preset.ts';
import { monoMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { JSON_PRESET, linkConfig } from '../support/linkConfig.ts';

const CUT: DownReason = { kind: 'cut', code: 'ECONNRESET' };
const SLOW_DIAL: DownReason = { kind: 'dial-timeout', phase: 'tcp', limitMs: 5_000 };
const DOWN: LinkState = { kind: 'waiting', attempt: 1, delayMs: 1000, until: monoMs(0), reason: CUT };
const NO_NAME: DownReason = { kind: 'resolve', host: 'x', code: 'EAI_AGAIN' };

/** An inquiry among links that a test makes up: `a/1` is at venue a. Each is down unless `open` says since when it is not. */
class Case {
  readonly clock = new FakeClock();
  readonly told: { readonly link: string; readonly verdict: Verdict }[] = [];
  readonly #open = new Map<string, number>();
  readonly #heard = new Map<string, number>();
  readonly #out = new Set<string>();
  readonly #here = new Set<string>();
  readonly #inside = new Set<string>();
  readonly #lagging = new Set<string>();
  readonly #names: readonly string[];
  readonly inquiry: Inquiry;

  constructor(...names: string[]) {
    this.#names = names;
    this.inquiry = new Inquiry({
      clock: this.clock,
      stalledMs: () => 0,
      memoryPressure: () => null,
      witnesses: () => this.#names.map((name) => this.#witness(name)),
      isHabit: () => false,
      changed: () => undefined,
      tell: (link, verdict) => void this.told.push({ link, verdict }),
    });
  }

  /** It has been open for so long. */
  open(name: string, forMs: number): void {
    this.#open.set(name, this.clock.now() - forMs);
  }

  /** Something came on it just now. */
  hear(...names: string[]): void {
    for (const name of names) this.#heard.set(name, this.clock.now());
  }

  /** Its venue listens on this machine. */
  here(...names: string[]): void {
    for (const name of names) this.#here.add(name);
  }

  /** Its venue is one of the demo's. */
  inside(...names: string[]): void {
    for (const name of names) this.#inside.add(name);
  }

  /** It is open, and its messages are ever older. */
  lag(...names: string[]): void {
    for (const name of names) this.#lagging.add(name);
  }

  /** It waits for a person. */
  out(name: string): void {
    this.#out.add(name);
  }

  lost(name: string, reason: DownReason, livedMs: number | null = null, dialledMs = livedMs ?? 100): void {
    this.#open.delete(name);
    const clues: EndClues = {
      reason,
      livedMs,
      dialledMs,
      closeClass: reason.kind === 'told' ? reason.class : null,
      lastAnswerMs: null,
      lagGrowthMs: 0,
      foreignPongs: 0,
      unansweredPings: 0,
      sentLastSec: 0,
      heartbeatMissedMs: null,
      pongs: true,
      refused403: 'credentials',
      neverSubscribed: false,
    };
    this.inquiry.lost(name, clues);
  }

  async verdictOn(name: string, state = DOWN): Promise<Verdict | undefined> {
    await this.clock.advance(4_000);
    return this.inquiry.of(name, state)[0];
  }

  #witness(name: string): Witness {
    const openedAt = this.#open.get(name);
    const heardAt = this.#heard.get(name);
    return {
      name,
      venue: name.split('/')[0] ?? name,
      enabled: true,
      stands: this.#inside.has(name) ? 'inside' : this.#here.has(name) ? 'on this machine' : 'elsewhere',
      openedAt: openedAt === undefined ? null : monoMs(openedAt),
      heardAt: heardAt === undefined ? null : monoMs(heardAt),
      tries: openedAt === undefined && !this.#out.has(name),
      open: this.#lagging.has(name) ? LAGGING : null,
    };
  }
}

const LAGGING: OpenClues = {
  lagGrowthMs: 5_000,
  dataAgeMs: 10,
  dataNoticeMs: 60_000,
  silentMs: 10,
  pongs: 'answered',
  provedQuiet: false,
  hasChannels: false,
  silentAcked: 0,
  missingNumbers: 0,
  duplicateNumbers: 0,
  duplicateMessages: 0,
  sameForMs: 0,
  mutedTopics: [],
  frozenMs: 0,
  refused: 0,
  neverAcked: 0,
  heartbeatMissedMs: null,
  wanted: 1,
};

let play: Case;
afterEach(() => play.inquiry.stop());

it('[H6] 12. names that no venue resolves are the local network’s, also when the dials have drifted apart', async () => {
  play = new Case('a', 'b', 'c');
  for (const name of ['a', 'b', 'c']) play.lost(name, NO_NAME);
  expect(await play.verdictOn('a')).toMatchObject({ cause: 'name resolution', blame: 'local network' });
  for (const name of ['a', 'b', 'c', 'a', 'b', 'c']) {
    await play.clock.advance(20_000);
    play.lost(name, NO_NAME);
    expect(await play.verdictOn(name)).toMatchObject({ blame: 'local network', certainty: 'likely' });
  }
  expect(play.told).toHaveLength(3);
});

it('[H6] 12. near miss: a venue that was reached by name a moment ago says that names resolve', async () => {
  play = new Case('a', 'b');
  play.open('b', 5_000);
  play.lost('a', NO_NAME);
  expect(await play.verdictOn('a')).toMatchObject({ blame: 'path', certainty: 'likely' });
});

it('[H6] 12. a socket that has been open for an hour says nothing of names', async () => {
  play = new Case('a', 'b');
  play.open('b', 3_600_000);
  play.lost('a', NO_NAME);
  expect(await play.verdictOn('a')).toMatchObject({ blame: 'local network', certainty: 'possible' });
});

it('[H6] a link that waits for a person, or whose key was refused, is compared with nobody', async () => {
  play = new Case('a', 'b', 'c');
  play.lost('b', { kind: 'http', status: 401, retryAfterMs: null });
  play.lost('c', NO_NAME);
  play.out('c');
  await play.clock.advance(60_000);
  play.lost('a', NO_NAME);
  const verdict = await play.verdictOn('a');
  expect(verdict).toMatchObject({ blame: 'local network', certainty: 'possible' });
  expect(verdict?.evidence).toContain('no link to another venue to compare with');
});

it('[H6] links to this machine say nothing of the way to a venue, whether they are up or down', async () => {
  play = new Case('a', 'b', 'c');
  play.here('b', 'c');
  play.open('b', 5_000);
  play.lost('c', { kind: 'refused', address: 'x', code: 'ECONNREFUSED' });
  play.lost('a', NO_NAME);
  const verdict = await play.verdictOn('a');
  expect(verdict).toMatchObject({ blame: 'local network', certainty: 'possible' });
  expect(verdict?.evidence).toContain('no link to another venue to compare with');
});

it.each([
  ['ws://127.0.0.1:9001/', 'on this machine'],
  ['ws://127.1.2.3/', 'on this machine'],
  ['wss://[::1]:9/', 'on this machine'],
  ['ws://localhost:9/', 'on this machine'],
  ['line://localhost:9', 'on this machine'],
  ['wss://127.0.0.1.example.com/', 'elsewhere'],
  ['wss://localhost.example.com/', 'elsewhere'],
  ['no address', 'elsewhere'],
])('[H6] a venue at %s is %s', (dialUrl, stands) => {
  expect(goalOf(linkConfig({ dialUrl }))).toMatchObject({ stands });
});

it('[H6] without a preset nobody has said whose address it is: each host is a venue', () => {
  const at = (dialUrl: string, preset = PLAIN_PRESET) => goalOf(linkConfig({ dialUrl, preset })).venue;
  expect(at('wss://a.example/x')).toBe(at('wss://a.example:8443/y'));
  expect(at('wss://a.example/x')).not.toBe(at('wss://b.example/x'));
  expect(at('wss://a.example/x', JSON_PRESET)).toBe(at('wss://b.example/x', JSON_PRESET));
});

describe('links whose messages are ever older', () => {
  /** Who is blamed for each, by its name. */
  const blamed = () => {
    play.inquiry.tick();
    return Object.fromEntries(play.told.map(({ link, verdict }) => [link, verdict.blame]));
  };

  it.each(['inside', 'here'] as const)('[H6] %s say nothing of those elsewhere, nor these of them', (where) => {
    play = new Case('a/1', 'a/2', 'b/1', 'b/2');
    play[where]('b/1', 'b/2');
    play.lag('a/1', 'a/2', 'b/1', 'b/2');
    expect(blamed()).toEqual({ 'a/1': 'venue', 'a/2': 'venue', 'b/1': 'venue', 'b/2': 'venue' });
  });

  it.each(['inside', 'here'] as const)('[H6] %s at a venue of the same name are of another venue', (where) => {
    play = new Case('a/1', 'a/2');
    play[where]('a/2');
    play.lag('a/1', 'a/2');
    expect(blamed()).toEqual({ 'a/1': 'unknown', 'a/2': 'unknown' });
  });

  it('[H6] of two venues that stand alike are so by this machine', () => {
    play = new Case('a/1', 'b/1');
    play.lag('a/1', 'b/1');
    expect(blamed()).toEqual({ 'a/1': 'this machine', 'b/1': 'this machine' });
  });
});

it('[H6] [L8] what had ended before a person opened its breaker is not told as why the link is down', async () => {
  play = new Case('a', 'b');
  play.open('b', 5_000);
  play.lost('a', CUT, 60_000);
  expect(await play.verdictOn('a')).toBeDefined();
  const held: LinkState = { kind: 'blocked', attempt: 0, until: null, reason: { kind: 'asked', by: 'breaker' } };
  expect(await play.verdictOn('a', held)).toBeUndefined();
});

it('[H6] 6. a loss while the only other venue has been down for an hour is not told as that of one venue alone', async () => {
  play = new Case('a', 'b');
  play.lost('b', { kind: 'refused', address: 'x', code: 'EHOSTUNREACH' });
  await play.clock.advance(3_600_000);
  play.lost('a', CUT, 7_200_000);
  expect(await play.verdictOn('a')).toMatchObject({ blame: 'local network' });
});

/** b ends so, `beforeMs` before link a of another venue is cut. */
async function cutAfter(reason: DownReason, beforeMs: number): Promise<Verdict | undefined> {
  play = new Case('a', 'b');
  play.lost('b', reason);
  await play.clock.advance(beforeMs);
  play.lost('a', CUT, 7_200_000);
  return play.verdictOn('a');
}

it.each<[string, DownReason]>([
  ['a port that nobody listens on', { kind: 'refused', address: 'x', code: 'ECONNREFUSED' }],
  ['an answer 503', { kind: 'http', status: 503, retryAfterMs: null }],
  ['a refused key', { kind: 'http', status: 401, retryAfterMs: null }],
  ['a close', { kind: 'closed', code: 1001, text: '' }],
])('[H6] 6. another venue that answers, be it with %s, is no sign of a network that is down', async (_what, reason) => {
  expect(await cutAfter(reason, 1_000)).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
  expect((await cutAfter(reason, 60_000))?.evidence).toContain('no link to another venue to compare with');
});

it('[H6] 6. near miss: another venue that nothing comes from at the same time is', async () => {
  expect(await cutAfter(CUT, 1_000)).toMatchObject({ blame: 'local network' });
});

it('[H6] 6. links that were lost together are judged alike, also where the redial of one was answered before the other was judged', async () => {
  play = new Case('a', 'b');
  for (const name of ['a', 'b']) play.open(name, 600_000);
  for (const name of ['a', 'b']) play.lost(name, CUT, 600_000);
  await play.clock.advance(200);
  play.lost('b', { kind: 'http', status: 503, retryAfterMs: null });
  const together = { cause: 'abnormal close', blame: 'local network' };
  expect(await play.verdictOn('a')).toMatchObject(together);
  expect(play.told).toMatchObject([
    { link: 'b', verdict: together },
    { link: 'b', verdict: { cause: 'upgrade refused' } },
    { link: 'a', verdict: together },
  ]);
});

it.each<[number, string]>([
  [1002, ''],
  [1008, 'policy violation'],
  [1008, 'Too many requests'],
  [1009, ''],
])(
  '[H6] 6. a link that was closed with %i "%s" for what it did itself is no sign that its venue is down',
  async (code, text) => {
    play = new Case('a/1', 'a/2', 'b');
    play.open('b', 600_000);
    play.lost('a/2', { kind: 'closed', code, text }, 60_000);
    await play.clock.advance(120_000);
    play.lost('a/1', CUT, 7_200_000);
    expect(await play.verdictOn('a/1')).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
  },
);

it('[H6] 6. near miss: a link that was closed because the venue restarts is', async () => {
  play = new Case('a/1', 'a/2', 'b');
  play.open('b', 600_000);
  play.lost('a/2', { kind: 'closed', code: 1012, text: '' }, 60_000);
  await play.clock.advance(120_000);
  play.lost('a/1', CUT, 7_200_000);
  expect(await play.verdictOn('a/1')).toMatchObject({ cause: 'abnormal close', blame: 'venue' });
});

it('[H6] 18. our dead connection is remembered for as long as its slot is refused; a slot refused is none that was held', async () => {
  const refused: DownReason = { kind: 'told', class: 'slot', text: 'connection limit exceeded' };
  play = new Case('ours', 'foreign');
  play.lost('ours', CUT, 60_000);
  await play.clock.advance(4_000);
  for (let i = 0; i < 12; i += 1) {
    play.lost('ours', refused, 40);
    play.lost('foreign', refused, 40);
    await play.clock.advance(10_000);
  }
  const causes = (name: string) => play.told.filter(({ link }) => link === name).map(({ verdict }) => verdict.cause);
  expect(causes('ours')).toEqual(['abnormal close', ...Array(12).fill('ghost session')]);
  expect(causes('foreign')).toEqual(Array(12).fill('credential used twice'));
});

it('[H6] 18. a slot that is refused after ten cuts is the last that is known of the link: nobody else is compared with the cuts', async () => {
  play = new Case('ours', 'other');
  for (let i = 0; i < 10; i += 1) {
    play.lost('ours', CUT, 60_000);
    await play.clock.advance(60_000);
  }
  for (let i = 0; i < 2; i += 1) {
    play.lost('ours', { kind: 'told', class: 'slot', text: 'connection limit exceeded' }, 40);
    expect(await play.verdictOn('ours')).toMatchObject({ cause: 'ghost session' });
  }
  play.lost('other', CUT, 600_000);
  expect(await play.verdictOn('other')).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
});

/** This machine woke up, or moved, 25 s before link `a`, alone in the world, ended so. */
async function endedAfter(kind: 'sleep' | 'network', ...end: [DownReason, livedMs: number | null, dialledMs?: number]) {
  play = new Case('a');
  play.inquiry.woke(kind);
  await play.clock.advance(25_000);
  play.lost('a', ...end);
  return play.verdictOn('a');
}

it.each([
  ['sleep', 'sleep'],
  ['network', 'route change'],
] as const)(
  '[H6] [L16] 3. a wake or a move (%s) explains the end of what was there at that moment, and of nothing newer',
  async (kind, cause) => {
    const after = async (...end: Parameters<typeof endedAfter> extends [unknown, ...infer E] ? E : never) =>
      (await endedAfter(kind, ...end))?.cause;
    expect(await after(CUT, 25_000)).toBe(cause);
    expect(await after(CUT, 20_000)).toBe('abnormal close');
    expect(await after(CUT, 20_000, 26_000)).toBe('abnormal close');
    expect(await after(SLOW_DIAL, null, 25_000)).toBe(cause);
    expect(await after(SLOW_DIAL, null, 5_000)).toBe('unreachable');
    const away: DownReason = { kind: 'closed', code: 1001, text: '' };
    expect(await after(away, 20_000)).toBe('venue restart');
    if (kind === 'sleep') expect(await after(away, 25_000)).toBe('sleep');
  },
);

/** Two links of venue a are cut 5 s after this machine got another address; both of a and one of b had been open. */
async function cutAfterMove(heard: (play: Case) => void): Promise<Verdict | undefined> {
  play = new Case('a/1', 'a/2', 'b');
  for (const name of ['a/1', 'a/2', 'b']) play.open(name, 600_000);
  play.hear('a/1', 'a/2', 'b');
  play.inquiry.woke('network');
  await play.clock.advance(5_000);
  heard(play);
  play.lost('a/1', CUT, 605_000);
  play.lost('a/2', CUT, 605_000);
  return play.verdictOn('a/1');
}

it('[H6] [L16] 3. another address is no reason where the links to other venues live on with it', async () => {
  expect(await cutAfterMove((play) => play.hear('b'))).toMatchObject({ cause: 'abnormal close', blame: 'venue' });
  expect(await cutAfterMove(() => undefined)).toMatchObject({ cause: 'route change', blame: 'local network' });
  const reopened = (play: Case): void => {
    play.open('b', 1_000);
    play.hear('b');
  };
  expect(await cutAfterMove(reopened)).toMatchObject({ cause: 'route change', certainty: 'likely' });
});
