import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Handover } from '../../../src/main/engine/link/handover.ts';
import { jsonField } from '../../../src/main/engine/link/jsonField.ts';
import { Identities } from '../../../src/main/engine/link/repeats.ts';
import { monoMs } from '../../../src/shared/units.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMb(): number {
  for (let i = 0; i < 3; i += 1) collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const FRAMES = 200;
/** A frame of 100 kB whose identity is longer than what V8 copies when it cuts a text. */
const frame = (i: number): Buffer =>
  Buffer.from(`{"id":"c0ffee00-0000-4000-8000-${1e11 + i}","pad":"${'x'.repeat(1e5)}"}`);

it('[H8] [L20] 13. of a frame no more is kept than the identity of its message', () => {
  const before = heapMb();
  const identities = new Identities(['id']);
  for (let i = 0; i < FRAMES; i += 1) identities.note(frame(i), monoMs(0));
  expect(heapMb() - before).toBeLessThan(5);
  identities.note(frame(0), monoMs(0));
  expect(identities.twice).toBe(1);
});

it('[H8] [L12] nor while two sockets are compared', () => {
  const before = heapMb();
  const handover = new Handover(1, 2);
  const note = (generation: number, i: number): void => {
    const key = jsonField(frame(i).toString('utf8'), ['id']) ?? '';
    handover.note(generation, 'trade:BTC', { key, span: null, counted: true });
  };
  for (let i = 0; i < FRAMES; i += 1) note(1, i);
  expect(heapMb() - before).toBeLessThan(5);
  note(2, 0);
  expect(handover.proof().duplicates).toBe(1);
});
