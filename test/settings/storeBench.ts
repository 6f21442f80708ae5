import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { type DiskCalls, realDisk } from '../../src/main/settings/disk.ts';
import type { SettingsOptions, SettingsStore } from '../../src/main/settings/settingsStore.ts';
import { openSettings } from '../../src/main/settings/store.ts';
import type { EngineConfig } from '../../src/shared/engineConfig.ts';
import type { SettingsView } from '../../src/shared/settingsView.ts';
import { surroundings, temporaryFolder } from './fixtures.ts';

export const A = '[link.a]\nurl = "wss://a/"\n';
export const B = `${A}[link.b]\nurl = "wss://b/"\n`;

export interface Bench {
  readonly folder: string;
  readonly file: string;
  readonly lastGoodFile: string;
  readonly configs: EngineConfig[];
  open(own?: Partial<SettingsOptions>): Promise<SettingsStore>;
}

/** A folder with a settings file and a place for its copy. */
export async function bench(text: string | Uint8Array | null): Promise<Bench> {
  const folder = await temporaryFolder();
  const file = join(folder, 'config', 'warmwire.toml');
  const lastGoodFile = join(folder, 'state', 'last-good.toml');
  const configs: EngineConfig[] = [];
  await mkdir(join(folder, 'config'));
  if (text !== null) await writeFile(file, text);
  const open = async (own: Partial<SettingsOptions> = {}): Promise<SettingsStore> => {
    const store = await openSettings({
      file,
      lastGoodFile,
      defaultText: DEFAULT_SETTINGS_TEXT,
      onFirst: () => undefined,
      surroundings,
      onChange: ({ config }) => configs.push(config),
      ...own,
    });
    onTestFinished(() => store.close());
    return store;
  };
  return { folder, file, lastGoodFile, configs, open };
}

/** The first view that is as wanted, from now on. */
export function nextView(store: SettingsStore, wanted: (view: SettingsView) => boolean): Promise<SettingsView> {
  return new Promise((resolve) => {
    const stop = store.subscribe((view) => {
      if (!wanted(view)) return;
      stop();
      resolve(view);
    });
  });
}

export const names = (store: SettingsStore): string[] => store.config().links.map((link) => link.name);
export const failing = (code: string, call: keyof DiskCalls): DiskCalls => ({
  ...realDisk,
  [call]: () => Promise.reject(Object.assign(new Error(code), { code })),
});
