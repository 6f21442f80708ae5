import { expect, test } from 'vitest';
import {
  type Draft,
  inConflict,
  isDirty,
  startDraft,
  stepDraft,
  toStore,
} from '../../src/renderer/views/settings/draft.ts';
import type { SettingsView } from '../../src/shared/settingsView.ts';

const view = (revision: string, text: string): SettingsView => ({
  file: 'f',
  text,
  revision,
  problems: [],
  running: 'this file',
  fileTrouble: null,
  undoText: null,
  unsaved: [],
  news: 0,
});
const start = (text: string): Draft => startDraft(view('r1', text), null);
const typed = (draft: Draft, text: string): Draft => stepDraft(draft, { kind: 'typed', text, from: draft.text });
const disk = (draft: Draft, revision: string, text: string): Draft =>
  stepDraft(draft, { kind: 'disk', disk: { revision, text } });
/** The answer to an apply of `mine`. */
const applied = (draft: Draft): Draft => stepDraft(draft, { kind: 'applied', disk: { revision: 'r2', text: 'mine' } });

test('[D3] a file changed outside is shown at once when nothing is unsaved', () => {
  const draft = disk(start('one'), 'r2', 'two');
  expect(draft).toMatchObject({ text: 'two', base: { revision: 'r2', text: 'two' } });
  expect(isDirty(draft)).toBe(false);
});

test('[D3] a file changed outside never replaces an unsaved edit: the user is asked', () => {
  const draft = disk(typed(start('one'), 'mine'), 'r2', 'theirs');
  expect(draft.text).toBe('mine');
  expect(inConflict(draft)).toBe(true);
  const kept = stepDraft(draft, { kind: 'keep-mine' });
  expect(kept).toMatchObject({ text: 'mine', base: { revision: 'r2' } });
  expect(inConflict(kept)).toBe(false);
  const loaded = stepDraft(draft, { kind: 'load-disk' });
  expect(loaded.text).toBe('theirs');
  expect(isDirty(loaded)).toBe(false);
});

test('[D3] the own apply is no change from outside, whichever comes first, answer or file', () => {
  const applying = stepDraft(typed(start('one'), 'mine'), { kind: 'applying' });
  const answerFirst = disk(applied(applying), 'r2', 'mine');
  const fileFirst = applied(disk(applying, 'r2', 'mine'));
  for (const draft of [answerFirst, fileFirst]) {
    expect(draft).toMatchObject({ text: 'mine', base: { revision: 'r2' }, applying: null });
    expect(inConflict(draft)).toBe(false);
  }
});

test('[D3] a Pause that is written into what was just applied is no unsaved edit, whichever comes first', () => {
  const applying = stepDraft(typed(start('one'), 'mine'), { kind: 'applying' });
  const answerFirst = disk(applied(applying), 'r3', 'mine, paused');
  const fileFirst = applied(disk(disk(applying, 'r2', 'mine'), 'r3', 'mine, paused'));
  for (const draft of [answerFirst, fileFirst]) {
    expect(draft).toMatchObject({ text: 'mine, paused', base: { revision: 'r3' }, applying: null });
    expect(isDirty(draft)).toBe(false);
  }
});

test('[D3] typing on while an apply is under way is an edit on top of it, not a conflict', () => {
  const applying = typed(stepDraft(typed(start('one'), 'mine'), { kind: 'applying' }), 'mine and more');
  const between = disk(applying, 'r2', 'mine');
  expect(inConflict(between)).toBe(false);
  const done = applied(between);
  expect(done).toMatchObject({ text: 'mine and more', base: { revision: 'r2', text: 'mine' }, applying: null });
  expect(isDirty(done)).toBe(true);
});

test('[D3] a conflict that the apply answers asks too; keeping mine then goes over the text that was shown, by its name', () => {
  const applying = stepDraft(typed(start('one'), 'mine'), { kind: 'applying' });
  const conflict = stepDraft(applying, { kind: 'conflict', disk: { revision: 'r2', text: 'theirs' } });
  expect(inConflict(conflict)).toBe(true);
  const kept = stepDraft(conflict, { kind: 'keep-mine' });
  expect(inConflict(kept)).toBe(false);
  expect(kept.base).toEqual({ revision: 'r2', text: 'theirs' });
  const newer = disk(kept, 'r3', 'theirs again');
  expect(inConflict(newer)).toBe(true);
  expect(newer.base.revision, 'an apply now is refused by the host').toBe('r2');
});

test('[D3] what the host refuses asks also when it shows the text that the edit started from: bytes that are no text', () => {
  const applying = stepDraft(typed(start(''), 'mine'), { kind: 'applying' });
  const conflict = stepDraft(applying, { kind: 'conflict', disk: { revision: 'r1', text: '' } });
  expect(inConflict(conflict)).toBe(true);
  expect(inConflict(disk(conflict, 'r1', ''))).toBe(true);
  expect(inConflict(disk(conflict, 'r2', ''))).toBe(false);
});

test('[D3] another program that writes right after the apply is seen, typed on or not, and Apply is free again', () => {
  const applying = stepDraft(typed(start('one'), 'mine'), { kind: 'applying' });
  // The page was told both in one go: it has never seen its own text on disk.
  const still = applied(disk(applying, 'r3', 'theirs'));
  expect(still).toMatchObject({ text: 'theirs', base: { revision: 'r3' }, applying: null });
  const typedOn = applied(disk(typed(applying, 'mine and more'), 'r3', 'theirs'));
  expect(typedOn).toMatchObject({ text: 'mine and more', applying: null });
  expect(inConflict(typedOn)).toBe(true);
});

test('[D3] an edit that was left without the name of what it started from goes over nothing', () => {
  const left = startDraft(
    view('r5', 'theirs'),
    JSON.stringify({ text: 'mine', base: { text: 'one', revision: null } }),
  );
  expect(left.base.revision).toBe('');
  expect(inConflict(left)).toBe(true);
});

test('[D3] an unsaved edit outlives the page with what it started from', () => {
  const stored = toStore(typed(start('one'), 'mine'));
  expect(startDraft(view('r1', 'one'), stored)).toMatchObject({ text: 'mine', base: { revision: 'r1' } });
  const changed = startDraft(view('r5', 'theirs'), stored);
  expect(changed.text).toBe('mine');
  expect(inConflict(changed)).toBe(true);
  expect(startDraft(view('r5', 'mine'), stored).base.revision).toBe('r5');
});

test('[D3] what is not an edit is not kept, and rubbish in the store is ignored', () => {
  expect(toStore(start('one'))).toBeNull();
  for (const rubbish of ['', '{', 'null', '{"text":1}', '{"text":"x"}']) {
    expect(startDraft(view('r1', 'one'), rubbish).text).toBe('one');
  }
});

test('[D3] an edit that is given up leaves the text of the file as it is now, not as it was when the edit began', () => {
  const draft = stepDraft(typed(start('one'), 'mine'), { kind: 'load-disk' });
  expect(draft).toMatchObject({ text: 'one', base: { revision: 'r1' } });
  expect(isDirty(draft)).toBe(false);
  const refused = stepDraft(stepDraft(typed(start('one'), 'mine'), { kind: 'applying' }), {
    kind: 'conflict',
    disk: { revision: 'r2', text: 'theirs' },
  });
  const loaded = stepDraft(refused, { kind: 'load-disk' });
  expect(loaded).toMatchObject({ text: 'theirs', base: { revision: 'r2', text: 'theirs' }, refused: false });
  expect(isDirty(loaded)).toBe(false);
});

const FILE = '# mine\n[link.a]\nurl = "wss://a"\nenabled = true # a\n[link.b]\nurl = "wss://b"\n';
const PAUSED = FILE.replace('enabled = true # a', 'enabled = false # a').replace(
  'url = "wss://b"\n',
  'url = "wss://b"\nenabled = false\n',
);

test('[D3] a Pause that the program wrote into the file is taken into the edit, which stays an edit of what it leaves', () => {
  const edit = FILE.replace('wss://b', 'wss://c');
  const wanted = PAUSED.replace('wss://b', 'wss://c');
  const open = disk(typed(start(FILE), edit), 'r2', PAUSED);
  const left = startDraft(view('r2', PAUSED), toStore(typed(start(FILE), edit)));
  const applying = stepDraft(typed(start(FILE), edit), { kind: 'applying' });
  const late = stepDraft(applying, { kind: 'conflict', disk: { revision: 'r2', text: PAUSED } });
  const failed = stepDraft(disk(applying, 'r2', PAUSED), { kind: 'not-applied' });
  for (const draft of [open, left, late, failed]) {
    expect(draft).toMatchObject({ text: wanted, base: { revision: 'r2', text: PAUSED }, applying: null });
    expect(inConflict(draft)).toBe(false);
    expect(isDirty(draft)).toBe(true);
  }
  const resumed = disk(open, 'r3', PAUSED.replaceAll('false', 'true'));
  expect(resumed.text).toBe(wanted.replaceAll('false', 'true'));
  expect(inConflict(resumed)).toBe(false);
});

test('[D3] a key that was pressed before the editor had the Pause does not take it back', () => {
  const edit = FILE.replace('wss://b', 'wss://c');
  const open = disk(typed(start(FILE), edit), 'r2', PAUSED);
  const late = stepDraft(open, { kind: 'typed', text: edit.replace('wss://c', 'wss://cd'), from: edit });
  expect(late).toMatchObject({ text: PAUSED.replace('wss://b', 'wss://cd'), base: { revision: 'r2' } });
  const deleted = stepDraft(open, { kind: 'typed', text: edit.replace('[link.a]', '[link.c]'), from: edit });
  expect(inConflict(deleted)).toBe(true);
  const next = typed(late, late.text.replace('wss://cd', 'wss://cde'));
  expect(next.text).toBe(PAUSED.replace('wss://b', 'wss://cde'));
});

test.each([
  ['another program wrote too', FILE.replace('wss://a', 'wss://c'), `${PAUSED}# theirs\n`],
  ['the edit says otherwise of this link itself', FILE.replace('"wss://b"\n', '"wss://b"\nenabled = true\n'), PAUSED],
  ['the edit has no such link any more', FILE.replace('[link.a]', '[link.c]'), PAUSED],
  ['the edit cannot be read', `${FILE}[link`, PAUSED],
])('[D3] a Pause is left to the person where %s', (_, edit, file) => {
  const draft = disk(typed(start(FILE), edit), 'r2', file);
  expect(draft.text).toBe(edit);
  expect(inConflict(draft)).toBe(true);
  const late = stepDraft(stepDraft(typed(start(FILE), edit), { kind: 'applying' }), {
    kind: 'conflict',
    disk: { revision: 'r2', text: file },
  });
  expect(inConflict(late)).toBe(true);
});

test('[D3] what is typed over a text that was just replaced from disk takes nothing of that back unseen', () => {
  const replaced = disk(start('a = 1'), 'r2', 'a = 2');
  const late = stepDraft(replaced, { kind: 'typed', text: 'a = 1\nb = 1', from: 'a = 1' });
  expect(late.text).toBe('a = 1\nb = 1');
  expect(inConflict(late)).toBe(true);
  const more = stepDraft(late, { kind: 'typed', text: 'a = 1\nb = 12', from: 'a = 1\nb = 1' });
  expect(inConflict(more)).toBe(true);
  expect(inConflict(stepDraft(more, { kind: 'keep-mine' }))).toBe(false);
  expect(inConflict(typed(replaced, 'a = 2\nb = 1'))).toBe(false);
});
