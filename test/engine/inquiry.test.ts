import { afterEach, expect, it } from 'vitest';
import { Inquiry } from '../../src/main/engine/inquiry.ts';
import type { EndClues, Witness } from '../../src/main/engine/witness.ts';
import type { DownReason } from '../../src/shared/linkState.ts';
import { monoMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';
import { FakeClock } from '../support/fakeClock.ts';

const NO_NAME: DownReason = { kind: 'resolve', host: 'x', code: 'EAI_AGAIN' };

/** An inquiry among links that a test makes up: each at a venue of its own, and down unless `open` says since when. */
class Case {
  readonly clock = new FakeClock();
  readonly told: { readonly link: string; readonly verdict: Verdict }[] = [];
  readonly #open = new Map<string, number>();
  readonly #out = new Set<string>();
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
      tell: (link, verdict) => void this.told.push({ link, verdict }),
    });
  }

  /** It has been open for so long. */
  open(name: string, forMs: number): void {
    this.#open.set(name, this.clock.now() - forMs);
  }

  /** It waits for a person. */
  out(name: string): void {
    this.#out.add(name);
  }

  lost(name: string, reason: DownReason, livedMs: number | null = null): void {
    this.#open.delete(name);
    const clues: EndClues = {
      reason,
      livedMs,
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

  async verdictOn(name: string): Promise<Verdict | undefined> {
    await this.clock.advance(4_000);
    return this.inquiry.of(name, false)[0];
  }

  #witness(name: string): Witness {
    const openedAt = this.#open.get(name);
    return {
      name,
      venue: name,
      enabled: true,
      demo: false,
      openedAt: openedAt === undefined ? null : monoMs(openedAt),
      tries: openedAt === undefined && !this.#out.has(name),
      open: null,
    };
  }
}

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

it('[H6] 6. a loss while the only other venue has been down for an hour is not told as that of one venue alone', async () => {
  play = new Case('a', 'b');
  play.lost('b', { kind: 'refused', address: 'x', code: 'EHOSTUNREACH' });
  await play.clock.advance(3_600_000);
  play.lost('a', { kind: 'cut', code: 'ECONNRESET' }, 7_200_000);
  expect(await play.verdictOn('a')).toMatchObject({ blame: 'local network' });
});

it('[H6] 18. our dead connection is remembered for as long as its slot is refused; a slot refused is none that was held', async () => {
  const refused: DownReason = { kind: 'told', class: 'slot', text: 'connection limit exceeded' };
  play = new Case('ours', 'foreign');
  play.lost('ours', { kind: 'cut', code: 'ECONNRESET' }, 60_000);
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
