import { useEffect, useState } from 'react';
import type { ProbationView } from '../../../shared/settingsView.ts';
import { useClient } from '../../store/hooks.ts';

const NOTHING: ProbationView = { kind: 'none' };

/** What becomes of the edit that was applied last. */
export function useProbation(): ProbationView {
  const client = useClient();
  const [view, setView] = useState(NOTHING);
  useEffect(() => client.probation(null, setView), [client]);
  return view;
}
