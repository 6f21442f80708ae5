import { useEffect, useState } from 'react';
import type { PresetView } from '../../../shared/settingsView.ts';
import { useClient } from '../../store/hooks.ts';

const NONE: readonly PresetView[] = [];

/** The venues that Warmwire knows, once they have been heard of. */
export function usePresets(): readonly PresetView[] {
  const client = useClient();
  const [presets, setPresets] = useState(NONE);
  useEffect(() => {
    let wanted = true;
    void client.presets(null).then((outcome) => {
      if (wanted && outcome.ok) setPresets(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [client]);
  return presets;
}
