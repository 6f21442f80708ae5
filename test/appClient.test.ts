import { expect, it, onTestFinished, vi } from 'vitest';
import { type AppParts, appClient } from '../src/main/appClient.ts';

it('[D3] [C2] who applies or undoes while the disk hangs is told that it is not done yet, the next one at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const hangs = (): Promise<never> => new Promise(() => undefined);
  const parts = {
    probation: { apply: hangs },
    settings: { undo: hangs, view: () => ({ file: 'w.toml' }) },
    notices: {},
    status: { warn: () => undefined },
  };
  const client = appClient(parts as unknown as AppParts);
  const applying = client.applySettings({ text: '', basedOn: null });
  await vi.advanceTimersByTimeAsync(10_000);
  const notYet = { ok: false, problem: { kind: 'held-up', where: 'w.toml' } };
  expect(await applying).toMatchObject(notYet);
  expect(await client.undoSettings({ basedOn: '' })).toMatchObject(notYet);
});
