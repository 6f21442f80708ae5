import { type RefObject, useRef } from 'react';
import { useClient } from '../../store/hooks.ts';
import type { HintSource } from './editorHints.ts';
import { readText, spotAt } from './reading.ts';
import { usePresets } from './usePresets.ts';

/** What the editor asks of the host; it is read at the moment of asking. */
export function useHints(): RefObject<HintSource> {
  const client = useClient();
  const presets = usePresets();
  const source: HintSource = {
    presets,
    explain: async (text, line) => {
      const { root } = readText(text);
      const path = (root === null ? null : spotAt(root, line))?.path ?? [];
      if (path.length === 0 || path.length > 2) return [];
      const outcome = await client.explainSettings({ text, path: [...path] });
      return outcome.ok ? outcome.value : [];
    },
  };
  const held = useRef(source);
  held.current = source;
  return held;
}
