import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/main/settings/load.ts';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import {
  type LiveSurroundings,
  type ResolvedSettings,
  resolveSettings,
  type Surroundings,
} from '../../src/main/settings/resolve.ts';
import { failed, ok } from '../../src/shared/outcome.ts';
import type { SettingsProblem } from '../../src/shared/settingsView.ts';

export const surroundings: LiveSurroundings = {
  presets: builtInPresets(),
  demoAddresses: new Map([
    ['frankfurt', 'ws://127.0.0.1:43211/'],
    ['frankfurt-b', 'ws://127.0.0.1:43213/'],
    ['tokyo', 'ws://127.0.0.1:43212/'],
    ['chicago', 'tcp://127.0.0.1:43214'],
    ['rest', 'https://127.0.0.1:43215'],
  ]),
  demoCa: 'DEMO PEM',
  readCa: (path) =>
    path === 'good.pem' ? ok('PEM') : failed('no-file', 'there is no such file', path, 'check the path'),
  lookAtCa: async () => false,
  onNews: () => () => undefined,
};

export function resolved(text: string, own: Partial<Surroundings> = {}): ResolvedSettings {
  const { settings, problems, locate } = loadSettings(text);
  if (settings === null) throw new Error(`the test's text is wrong: ${problems.map(shown).join('\n')}`);
  return resolveSettings(settings, { ...surroundings, ...own }, locate);
}

/** `3:1 link.a.url: url is 5 (a WebSocket address)`. */
export function shown(problem: SettingsProblem): string {
  return `${problem.line}:${problem.column} ${problem.path}: ${problem.message} (${problem.expected})`;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warmwire-settings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
