import { Suspense, useEffect, useState } from 'react';
import { go, useRoute } from '../route.ts';
import { selectLoaded } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { keptHere } from './kept.ts';
import { later } from './later.ts';
import { onSignal } from './signals.ts';

const TourCard = later(() => import('./TourCard.tsx'));

const KEY = 'warmwire.tour';
const DONE = 'done';

/** The first start shows it, until it is ended or skipped, which is for good; the list of shortcuts shows it again. */
export function Tour() {
  const [wanted, setWanted] = useState(isFirstStart);
  const loaded = useEngineState(selectLoaded);
  const { view } = useRoute();
  useEffect(
    () =>
      onSignal('tour', () => {
        go('#/');
        setWanted(true);
      }),
    [],
  );
  if (!wanted || !loaded || view !== 'overview') return null;
  return (
    <Suspense>
      <TourCard
        onEnd={() => {
          keptHere.keep(KEY, DONE);
          setWanted(false);
        }}
      />
    </Suspense>
  );
}

/** A page that a program drives has no newcomer before it. */
const isFirstStart = (): boolean => keptHere.read(KEY) !== DONE && !navigator.webdriver;
