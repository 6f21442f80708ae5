import { expect, it } from 'vitest';
import { evaluate } from '../../src/main/settings/running.ts';
import { BUILT_IN_RULES, NOTICE_KIND_NAMES } from '../../src/shared/noticeKind.ts';
import { NoticeSchema, NoticesSchema } from '../../src/shared/noticeTables.ts';
import { factsOf } from '../../src/shared/settingsKey.ts';
import { resolved, shown, surroundings } from './fixtures.ts';

const LINK = '[link.okx]\npreset = "okx_v5"\n[link.demo]\npreset = "demo_tokyo"\n';
const rule = (text: string, name: string) => {
  const { notices, problems } = resolved(LINK + text);
  return { found: notices.rules.find((one) => one.name === name), problems: problems.map(shown) };
};

it('[D4] without a table the built-in rules are there, and each can be overridden by its name', () => {
  const { notices, problems } = resolved(LINK);
  expect(problems).toEqual([]);
  expect(notices.rules.map(({ name, enabled, source }) => [name, enabled, source])).toEqual(
    Object.keys(BUILT_IN_RULES).map((name) => [name, true, 'built in']),
  );
  expect(rule('[notice.link-down]\nfor_secs = 1\nlinks = ["okx"]', 'link-down').found).toMatchObject({
    what: 'link-down',
    forMs: 1000,
    cooldownMs: 60_000,
    severity: 'bad',
    only: ['okx'],
    source: 'settings',
  });
  expect(rule('[notice.memory]\nenabled = false', 'memory').found).toMatchObject({ enabled: false });
});

it('[D4] a rule of one’s own: thresholds in the unit of what it watches, and a leave threshold where none is named', () => {
  expect(rule('[notice.slow]\nwhat = "p99-over"\nenter_ms = 300', 'slow').found).toMatchObject({
    threshold: { unit: 'ms', side: 'over', enter: 300, leave: 240 },
  });
  const below = '[notice.less]\nwhat = "reliability-below"\nenter_percent = 99.8';
  expect(rule(below, 'less').found).toMatchObject({ threshold: { side: 'under', enter: 99.8, leave: 100 } });
  expect(rule('[notice.slow]\nwhat = "p99-over"\nenter_ms = 300\nleave_ms = 300', 'slow').problems).toEqual([]);
});

it('[D4] links are named by their own name, by their venue, or by their preset', () => {
  for (const name of ['okx', 'okx_v5', 'OKX']) {
    expect(rule(`[notice.a]\nwhat = "suspect"\nlinks = ["${name}"]`, 'a').found?.only, name).toEqual(['okx']);
  }
});

it.each([
  [
    '[notice.mine]\nfor_secs = 3',
    '5:9 notice.mine: [notice.mine] does not say what it watches, and no built-in rule is called so',
  ],
  ['[notice.a]\nwhat = "suspect"\nenter_ms = 3', '7:12 notice.a.enter_ms: enter_ms does not go with what = "suspect"'],
  [
    '[notice.a]\nwhat = "p99-over"\nleave_secs = 3',
    '7:14 notice.a.leave_secs: leave_secs does not go with what = "p99-over"',
  ],
  [
    '[notice.a]\nwhat = "p99-over"\nenter_ms = 100\nleave_ms = 101',
    '8:12 notice.a.leave_ms: leave_ms is 101 ms, on the bad side of enter (100 ms)',
  ],
  [
    '[notice.a]\nwhat = "suspect"\nlinks = ["okx", "okxx"]',
    '7:17 notice.a.links.1: none of the links is called "okxx", nor is a venue or preset of theirs',
  ],
  [
    '[notice.memory]\nlinks = ["okx"]',
    '6:9 notice.memory.links: a memory-over rule watches this machine, and no link or pool',
  ],
  ['[notice.a]\nwhat = "suspect"\nmute_windows = ["Mon 9"]', '7:17 notice.a.mute_windows.0: "Mon 9" is no time window'],
  ['[notices]\ntime_zone = "Mars"', '6:13 notices.time_zone: this machine knows no time zone "Mars"'],
  ['[notices]\nquiet_until = "tomorrow"', '6:15 notices.quiet_until: quiet_until is "tomorrow"'],
  ['[notice.a]\nwhat = "p98-over"\nenter_ms = 3', '6:8 notice.a.what: what is "p98-over"'],
])('[C2] a bad rule is told at its place, once: %s', (text, wanted) => {
  const { good, problems } = evaluate(LINK + text, surroundings);
  expect(good).toBeNull();
  expect(problems.map((one) => shown(one).split(' (')[0])).toEqual([wanted.split(' (')[0]]);
  expect(problems[0]?.expected).not.toBe('');
});

it('[C2] a misspelt link or kind names the nearest', () => {
  const near = (text: string) => evaluate(LINK + text, surroundings).problems[0]?.nearest;
  expect(near('[notice.a]\nwhat = "suspect"\nlinks = ["okxx"]')).toBe('okx');
  expect(near('[notice.link-dwn]\nfor_secs = 3')).toBe('link-down');
});

it('[D4] a mute window from 00:00 to 24:00 is the whole day', () => {
  const { found } = rule('[notice.memory]\nmute_windows = ["Sat,Sun 00:00-24:00", "Mon 22:00-00:00"]', 'memory');
  const day = 1440;
  expect(found?.mute.windows).toEqual([
    { fromMinute: 5 * day, untilMinute: 6 * day },
    { fromMinute: 6 * day, untilMinute: 7 * day },
    { fromMinute: 22 * 60, untilMinute: day },
  ]);
});

it('[D3] every key of the notices is live', () => {
  for (const schema of [NoticeSchema, NoticesSchema]) {
    for (const [name, one] of Object.entries(schema.shape)) expect(factsOf(one)?.effect, name).toBe('live');
  }
  expect(NOTICE_KIND_NAMES).toHaveLength(17);
});
