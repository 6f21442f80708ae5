import { expect, it } from 'vitest';
import type { Drill } from '../../src/renderer/store/drill.ts';
import { falseAlarms } from '../../src/renderer/store/drillAlarms.ts';
import { besideText, withBesides } from '../../src/renderer/store/drillBeside.ts';
import { newTrack } from '../../src/shared/drill.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { drillLink } from '../support/drillLink.ts';

const link = drillLink();
const drill = (
  id: string,
  name: string,
  fromMs: number,
  tookMs: number | null,
  alarms: Drill['alarms'] = [],
): Drill => ({
  id,
  exchange: { name: id, label: `DEMO ${id}`, wire: 'WebSocket' },
  injection: { number: 1, fault: { kind: 'kill' }, at: wallMs(fromMs), endedAt: wallMs(fromMs), secsLeft: null },
  startAt: monoMs(fromMs),
  links: [
    {
      before: { ...link, name },
      promises: null,
      track: newTrack({ link: name, generation: 1, startAt: monoMs(fromMs) }),
    },
  ],
  pools: [],
  alarms,
  beside: [],
  stalls: { before: 0, now: 0 },
  closed: tookMs === null ? null : { atMs: tookMs, why: 'settled' },
});
const lostB = (atMs: number) => ({ link: 'b', at: monoMs(atMs), text: `b lost at ${atMs}` });
const first = (...drills: readonly Drill[]): Drill => {
  const [held] = withBesides(drills);
  if (held === undefined) throw new Error('there is a drill');
  return held;
};

it('[D6] an alarm is another drill’s work only on its links and only while it goes on', () => {
  const alarms = [lostB(900), lostB(1_500), lostB(2_500)];
  const held = first(drill('tokyo', 'a', 800, null, alarms), drill('frankfurt', 'b', 1_000, 1_000));
  expect(falseAlarms(held)).toEqual(['b lost at 900', 'b lost at 2500']);
  expect(besideText(held)).toBe('Kill on DEMO frankfurt ran meanwhile: what it did to b is not counted here.');
  const other = first(drill('tokyo', 'a', 800, null, alarms), drill('frankfurt', 'c', 1_000, null));
  expect(falseAlarms(other)).toHaveLength(3);
  expect(besideText(other)).toBe('');
});

it('[D6] what a fault does at once is its work, though the clocks of the two threads differ by a millisecond', () => {
  const held = first(drill('tokyo', 'a', 800, null, [lostB(999), lostB(997)]), drill('frankfurt', 'b', 1_000, null));
  expect(falseAlarms(held)).toEqual(['b lost at 997']);
});

it('[D6] a drill that was over before this one began explains nothing, and one on the same link is named', () => {
  const before = first(drill('tokyo', 'a', 5_000, null, [lostB(5_500)]), drill('frankfurt', 'b', 1_000, 1_000));
  expect(before.beside).toEqual([]);
  expect(falseAlarms(before)).toEqual(['b lost at 5500']);
  const shared = first(drill('newyork', 'a', 800, null), drill('newjersey', 'a', 1_000, null));
  expect(besideText(shared)).toBe('Kill on DEMO newjersey ran meanwhile on a too: either may be the cause.');
});

it('[D6] nothing changes its identity without news', () => {
  const [a, b] = withBesides([drill('tokyo', 'a', 800, null), drill('frankfurt', 'b', 900, null)]);
  if (a === undefined || b === undefined) throw new Error('there are two');
  const again = withBesides([a, b]);
  expect(again[0]).toBe(a);
  expect(again[1]).toBe(b);
});
