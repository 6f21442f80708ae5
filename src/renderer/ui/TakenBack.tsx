import { useState } from 'react';
import { useRoute } from '../route.ts';
import { useProbation } from '../views/settings/useProbation.ts';
import { Bar } from './Bar.tsx';

/** An edit of the settings that was taken back by itself, told wherever one is; the settings' own page says it in full. */
export function TakenBack() {
  const probation = useProbation();
  const { view } = useRoute();
  const [away, setAway] = useState('');
  if (probation.kind !== 'put-back' || view === 'settings') return null;
  const told = JSON.stringify(probation);
  if (told === away) return null;
  const { length } = probation.worse;
  return (
    <Bar tone="warn">
      <span>
        The last edit of the settings was taken back by itself: {length === 1 ? 'a link was' : `${length} links were`}{' '}
        worse for it.
      </span>
      <a href="#/settings">See why, and the edit</a>
      {/* Here only: the edit is kept. */}
      <button type="button" onClick={() => setAway(told)}>
        Dismiss
      </button>
    </Bar>
  );
}
