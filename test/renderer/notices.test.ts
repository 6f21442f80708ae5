import { expect, it } from 'vitest';
import { type NoticesState, nextNotices, quietNow } from '../../src/renderer/store/notices.ts';
import { MUTE_CHOICES } from '../../src/renderer/views/notices/look.ts';
import type { Notice, NoticesFrame } from '../../src/shared/notice.ts';
import { noticeSettings } from '../notices/rig.ts';

const rules = { ...noticeSettings(), pressedQuietUntil: null };
const notice = (id: number, change: Partial<Notice> = {}): Notice => ({
  id,
  rule: 'link-down',
  what: 'link-down',
  of: 'links',
  name: 'okx',
  severity: 'bad',
  openedWall: 1,
  toldWall: 1,
  resolvedWall: null,
  acknowledged: null,
  text: 'okx: down',
  muted: false,
  ...change,
});
const whole = (...notices: Notice[]): NoticesFrame => ({ kind: 'whole', notices, rules });
const change = (...notices: Notice[]): NoticesFrame => ({ kind: 'change', notices, rules: null });
const after = (...frames: NoticesFrame[]): NoticesState | null => frames.reduce<NoticesState | null>(nextNotices, null);

it('[D4] only what is new, bad and not silent pops up; what the page found open does not', () => {
  expect(after(whole(notice(1)))?.popped).toEqual([]);
  expect(after(whole(notice(1)), change(notice(2)))?.popped).toEqual([2]);
  expect(after(whole(), change(notice(2, { severity: 'warn' }), notice(3, { muted: true })))?.popped).toEqual([]);
  expect(after(whole(notice(1)), change(notice(1)))?.popped).toEqual([]);
});

it('[L7] what is told again pops up again', () => {
  const held = after(whole(notice(1)), change(notice(1, { toldWall: 3_600_000 })));
  expect(held?.popped).toEqual([1]);
});

it('[D4] what is resolved or acknowledged pops down by itself, also when the page was away meanwhile', () => {
  const up = [whole(), change(notice(1)), change(notice(2))];
  expect(after(...up)?.popped).toEqual([1, 2]);
  expect(after(...up, change(notice(1, { resolvedWall: 9 })))?.popped).toEqual([2]);
  expect(after(...up, change(notice(2, { acknowledged: { wall: 9, by: 'notices' } })))?.popped).toEqual([1]);
  expect(after(...up, whole(notice(1, { resolvedWall: 9 }), notice(2)))?.popped).toEqual([2]);
});

it('[D4] a change before the first whole says nothing', () => {
  expect(after(change(notice(1)))).toBeNull();
});

it('[D4] the quiet time is that of a press, of the settings, or of a window', () => {
  const noon = Date.UTC(2026, 10, 18, 12);
  expect(quietNow(rules, noon)).toBeNull();
  expect(quietNow({ ...rules, pressedQuietUntil: noon + 1 }, noon)).toEqual({ until: noon + 1 });
  expect(quietNow({ ...rules, pressedQuietUntil: noon }, noon)).toBeNull();
  expect(quietNow({ ...rules, pressedQuietUntil: noon + 1, quietUntil: noon + 5 }, noon)).toEqual({ until: noon + 5 });
  const mute = noticeSettings({}, { mute_windows: ['Wed 12:00-13:00'], time_zone: 'UTC' });
  expect(quietNow({ ...mute, pressedQuietUntil: null }, noon)).toEqual({ until: null });
});

it('[D4] until tomorrow 8:00 is 8:00 of the clock on the wall, also over the end of a month', () => {
  const [, , morning] = MUTE_CHOICES;
  for (const pressed of [new Date(2026, 10, 30, 23, 30), new Date(2026, 10, 30, 17, 0)]) {
    const secs = morning?.secsFrom(pressed) ?? 0;
    expect(new Date(pressed.getTime() + secs * 1000)).toEqual(new Date(2026, 11, 1, 8));
  }
});
