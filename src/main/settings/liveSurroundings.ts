import { dirname, join } from 'node:path';
import type { Preset } from '../../shared/preset.ts';
import { CaFiles } from './caFiles.ts';
import { inTime } from './lateAnswers.ts';
import { OwnPresets, type PresetCalls } from './ownPresets.ts';
import { builtInPresets } from './presets.ts';
import type { LiveSurroundings, Surroundings } from './resolve.ts';

export interface OpenedSurroundings {
  readonly surroundings: LiveSurroundings;
  stop(): void;
}

/**
 * What the settings of this file refer to: certificates and presets of the user's own, as they are now. Resolves within
 * `limitMs`, whatever the disk does.
 */
export async function openSurroundings(
  file: string,
  demo: Pick<Surroundings, 'demoAddresses' | 'demoCa'>,
  onTrouble: (sentence: string | null) => void,
  limitMs: number,
  calls?: PresetCalls,
): Promise<OpenedSurroundings> {
  const caFiles = new CaFiles(dirname(file));
  const folder = join(dirname(file), 'presets');
  const own = new OwnPresets({ folder, builtIn: builtInPresets(), onTrouble, ...(calls && { calls }) });
  await inTime<unknown>(limitMs, own.start(), () => undefined);
  const surroundings: LiveSurroundings = {
    ...demo,
    get presets(): ReadonlyMap<string, Preset> {
      return own.all;
    },
    readCa: caFiles.known,
    lookAtCa: caFiles.look,
    onNews: (listener) => {
      const stops = [caFiles.onLate(listener), own.onChange(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
  return { surroundings, stop: () => own.stop() };
}
