import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { DiskCalls } from '../../src/main/settings/disk.ts';
import { realDisk } from '../../src/main/settings/disk.ts';
import { HeldUpEdits } from '../../src/main/settings/heldUpEdits.ts';
import type { ApplyResult } from '../../src/shared/contract.ts';
import { failed, type Outcome, ok } from '../../src/shared/outcome.ts';
import { A, B, bench } from './storeBench.ts';

/** A store on a disk that puts no settings file in its place until `answer`, and is full then if `isFull`. */
async function heldUp({ isFull = false } = {}) {
  const made = await bench(A);
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let hangs = true;
  const rename = async (from: string, to: string): Promise<void> => {
    if (to === made.file && hangs) {
      asked.resolve();
      await gate.promise;
      if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }
    return realDisk.rename(from, to);
  };
  const store = await made.open({ calls: { ...realDisk, rename } as DiskCalls });
  const warnings: (string | null)[] = [];
  const lines: string[] = [];
  const edits = new HeldUpEdits({
    file: () => made.file,
    warn: (sentence) => warnings.push(sentence),
    log: (line) => lines.push(line),
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { revision } = store.view();
  const apply = (text: string) => edits.of('Apply', store.apply(text, revision));
  /** The answer to an Apply that the disk holds up. */
  const applyLate = async (text: string) => {
    const answered = apply(text);
    await asked.promise;
    await vi.advanceTimersByTimeAsync(10_000);
    return answered;
  };
  const answer = (): void => {
    hangs = false;
    gate.resolve();
  };
  const undo = () => edits.of('Undo', store.undo(store.view().revision));
  return { ...made, store, warnings, lines, apply, applyLate, undo, answer };
}

const NOT_YET = { ok: false, problem: { kind: 'held-up' } };

it('[D3] of two texts that the disk holds up the one that does not run in the end is said, until the next is applied', async () => {
  const { file, warnings, lines, apply, applyLate, undo, answer } = await heldUp();
  expect(await applyLate(B)).toMatchObject(NOT_YET);
  expect(await apply(`${B}# corrected\n`)).toMatchObject(NOT_YET);
  answer();
  const said = expect.stringMatching(/^Apply was not done, which the disk had held up: the file was another by then/);
  await vi.waitFor(() => expect(lines).toEqual([said]));
  expect(warnings.at(-1)).toEqual(said);
  expect(await readFile(file, 'utf8')).toBe(B);
  expect(await undo()).toMatchObject({ ok: true, value: { kind: 'applied' } });
  expect(warnings.at(-1)).toBeNull();
});

it('[D3] one that is done when the disk answers needs no word, and one that fails then does', async () => {
  const done = await heldUp();
  expect(await done.applyLate(B)).toMatchObject(NOT_YET);
  done.answer();
  await vi.waitFor(async () => expect(await readFile(done.file, 'utf8')).toBe(B));
  const failing = await heldUp({ isFull: true });
  expect(await failing.applyLate(B)).toMatchObject(NOT_YET);
  failing.answer();
  await vi.waitFor(() => expect(failing.warnings).toEqual([expect.stringContaining('the disk is full')]));
  expect([done.lines, failing.lines.length]).toEqual([[], 1]);
});

it('[D3] each that is not done is said, until one is applied that was asked for after that', async () => {
  const warnings: (string | null)[] = [];
  const edits = new HeldUpEdits({ file: () => 'w.toml', warn: (said) => warnings.push(said), log: () => undefined });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked = (what: 'Apply' | 'Undo') => {
    const { promise, resolve } = Promise.withResolvers<Outcome<ApplyResult>>();
    const answer = edits.of(what, promise);
    const end = async (outcome: Outcome<ApplyResult>) => {
      resolve(outcome);
      await promise;
      await vi.advanceTimersByTimeAsync(0);
    };
    return { answer, end };
  };
  const full = failed('disk-full', 'the disk is full', 'w.toml', 'free some');
  const applied = ok({ kind: 'applied', changes: [], revision: 'r' } as const);
  const [first, second, third] = [asked('Apply'), asked('Undo'), asked('Apply')];
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all([first, second, third].map(({ answer }) => answer));
  await first.end(full);
  const fourth = asked('Apply');
  await second.end(full);
  await third.end(applied);
  const held = (what: string) => `${what} was not done, which the disk had held up: the disk is full`;
  const hint = 'Settings shows what runs, and your text';
  expect(warnings.at(-1)).toBe(`${held('Apply')}; ${held('Undo')}. ${hint}`);
  await fourth.end(applied);
  expect(warnings.at(-1)).toBe(`${held('Undo')}. ${hint}`);
  await asked('Undo').end(applied);
  expect(warnings.at(-1)).toBeNull();
});
