import { useState } from 'react';
import { type FaultChoice, FIRST_CHOICE } from './faultChoice.ts';

/** What was chosen outlives the page: Start drill, one press away, does what stood there when one left. */
let kept: FaultChoice = FIRST_CHOICE;

export function useFaultChoice(): readonly [FaultChoice, (next: FaultChoice) => void] {
  const [choice, setChoice] = useState(kept);
  return [
    choice,
    (next) => {
      kept = next;
      setChoice(next);
    },
  ];
}
