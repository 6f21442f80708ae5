import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  beginWatch,
  type Judgement,
  judge,
  lookAt,
  SETTLED_MS,
  type Standings,
  type Watch,
} from '../../src/main/settings/rollback.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import type { SettingsChange } from '../../src/shared/settingsView.ts';
import { type MonoMs, monoMs } from '../../src/shared/units.ts';

type Standing = Standings extends ReadonlyMap<string, infer S> ? S : never;

const UP: LinkState = { kind: 'up', since: monoMs(0) };
const WELL: Standing = { state: UP, health: { level: 'healthy' }, fit: { fit: true } };
const UNFIT: Standing = { ...WELL, fit: { fit: false, reasons: [{ kind: 'stale', why: 'silent' }] } };
const MEASURING: Standing = { ...WELL, fit: { fit: false, reasons: [{ kind: 'measuring', pings: 4, of: 20 }] } };
const PAUSED: Standing = {
  state: { kind: 'paused' },
  health: { level: 'none' },
  fit: { fit: false, reasons: [{ kind: 'not-up', state: 'paused' }] },
};
const ILL: Standing = {
  state: UP,
  health: { level: 'degraded', reasons: [{ kind: 'stale', why: 'silent', secs: 12 }] },
  fit: { fit: false, reasons: [{ kind: 'stale', why: 'silent' }] },
};
/** `until`: `null` while a person holds it. */
const breakerOpen = (until: MonoMs | null): Standing => ({
  state: { kind: 'blocked', attempt: 0, until, reason: { kind: 'cut', code: 'ECONNRESET' } },
  health: { level: 'unhealthy', reasons: [{ kind: 'breaker-open' }] },
  fit: { fit: false, reasons: [{ kind: 'breaker-open' }] },
});
const LENGTH_MS = 30_000;

const change = (link: string, effect: SettingsChange['effect']): SettingsChange => ({ link, effect, keys: [] });
const at = (secs: number) => monoMs(secs * 1000);

function begun(before: Record<string, Standing>, changes: readonly SettingsChange[] = []): Watch {
  const watch = beginWatch(new Map(Object.entries(before)), changes, at(0), LENGTH_MS);
  if (watch === null) throw new Error('nothing to watch');
  return watch;
}

/** One look a second, the last one at the end. `null`: the engine says nothing. */
function after(watch: Watch, seconds: readonly (Record<string, Standing> | null)[]): Judgement {
  let held = watch;
  for (const [index, links] of seconds.entries()) {
    held = lookAt(held, at(index + 1), links === null ? null : new Map(Object.entries(links)));
    const judged = judge(held, at(index + 1));
    if (index + 1 < seconds.length) expect(judged.kind).toBe('watching');
    else return judged;
  }
  throw new Error('no looks');
}

const standing = fc.constantFrom(WELL, UNFIT, MEASURING, PAUSED, ILL);
const looks = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 30, maxLength: 30 });
const kraken = (one: Standing | null): Record<string, Standing> | null => (one === null ? null : { kraken: one });
const isWorse = (one: Standing | null): boolean => one === UNFIT || one === ILL;

it('[D3] an edit is put back exactly when a link that was well is not, for the last 5 s and at the end', () => {
  fc.assert(
    fc.property(looks(standing), (seconds) => {
      const judged = after(begun({ kraken: WELL }), seconds.map(kraken));
      // A state seen at 25 s and ever since has lasted for 5 s at the end.
      const settled = seconds.slice(-1 - SETTLED_MS / 1000).every(isWorse);
      expect(judged.kind).toBe(settled ? 'worse' : 'good');
    }),
    { numRuns: 3000 },
  );
});

it('[D3] a link that was neither healthy nor fit, or that the edit ends, never puts an edit back', () => {
  fc.assert(
    fc.property(looks(standing), fc.constantFrom('removed' as const, 'paused' as const), (seconds, effect) => {
      const before = { kraken: WELL, okx: ILL, venue: WELL };
      const watch = begun(before, [change('kraken', effect)]);
      expect([...watch.were.keys()]).toEqual(['venue']);
      const judged = after(
        watch,
        seconds.map((one) => ({ kraken: one, okx: one, venue: WELL })),
      );
      expect(judged.kind).toBe('good');
    }),
  );
  expect(beginWatch(new Map([['okx', ILL]]), [change('okx', 'redial')], at(0), LENGTH_MS)).toBeNull();
});

it('[D3] nothing is judged while the engine says nothing', () => {
  fc.assert(
    fc.property(looks(fc.option(standing)), (seconds) => {
      const judged = after(begun({ kraken: WELL }), seconds.map(kraken));
      if (seconds.at(-1) === null) expect(judged.kind).toBe('unheard');
      else expect(judged.kind).not.toBe('unheard');
      if (judged.kind === 'worse') expect(isWorse(seconds.at(-1) ?? null)).toBe(true);
    }),
  );
});

it('[D3] the sentence says which link, what it was, what it is and why', () => {
  const ill = after(begun({ kraken: WELL }), Array(30).fill({ kraken: ILL }));
  expect(ill).toEqual({ kind: 'worse', sentences: ['kraken was healthy and is degraded: no data for 12 s'] });
  const unfit = after(begun({ kraken: WELL }), Array(30).fill({ kraken: UNFIT }));
  expect(unfit).toEqual({ kind: 'worse', sentences: ['kraken was fit to trade and is not: no fresh data'] });
});

it('[D3] a socket made anew that is only being measured is not worse, and a paused link is as somebody wants it', () => {
  for (const one of [MEASURING, PAUSED]) {
    expect(after(begun({ kraken: WELL }), Array(30).fill({ kraken: one })).kind).toBe('good');
  }
  expect(after(begun({ kraken: WELL }), Array(30).fill({})).kind).toBe('good');
});

it('[D3] a short watch is judged by its second half', () => {
  const watch = beginWatch(new Map([['kraken', WELL]]), [], at(0), 2000);
  const ill = lookAt(watch as Watch, at(1), new Map([['kraken', ILL]]));
  expect(judge(ill, at(2)).kind).toBe('worse');
  const late = lookAt(watch as Watch, at(1.5), new Map([['kraken', ILL]]));
  expect(judge(late, at(2)).kind).toBe('good');
});

it('[D3] [L8] a breaker that a person holds open is as somebody wants it; one that opened by itself is worse', () => {
  expect(after(begun({ kraken: WELL }), Array(30).fill({ kraken: breakerOpen(null) })).kind).toBe('good');
  expect(after(begun({ kraken: WELL }), Array(30).fill({ kraken: breakerOpen(at(99)) })).kind).toBe('worse');
});
