import { useCallback, useState } from 'react';

/** What a person wants of the lines: these drawn (true) or not (false); where `only` is not empty, no others than those. */
export interface LineChoice {
  readonly wanted: ReadonlyMap<string, boolean>;
  readonly only: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
export const NO_CHOICE: LineChoice = { wanted: new Map(), only: NONE };

/** Draws a line, or no longer; while only some are drawn, adds it to them or takes it out. */
export function drawLine({ wanted, only }: LineChoice, name: string, draw: boolean): LineChoice {
  if (only.size === 0) return { wanted: new Map(wanted).set(name, draw), only };
  const next = new Set(only);
  if (draw) next.add(name);
  else next.delete(name);
  return { wanted, only: next };
}

/** Draws this line only; all again where it is the only one. */
export function drawOnly({ wanted, only }: LineChoice, name: string): LineChoice {
  return { wanted, only: only.size === 1 && only.has(name) ? NONE : new Set([name]) };
}

export const drawAll = ({ wanted }: LineChoice): LineChoice => ({ wanted, only: NONE });

/** The choice among the lines. One that is made among `selected` links ends with that selection. */
export function useLineChoice(selected: readonly string[] | null) {
  const [usual, setUsual] = useState(NO_CHOICE);
  const [held, setHeld] = useState<{ readonly of: readonly string[] | null; readonly choice: LineChoice }>(UNHELD);
  const choice = selected === null ? usual : held.of === selected ? held.choice : NO_CHOICE;
  const change = useCallback(
    (next: (choice: LineChoice) => LineChoice): void => {
      if (selected === null) setUsual(next);
      else setHeld(({ of, choice }) => ({ of: selected, choice: next(of === selected ? choice : NO_CHOICE) }));
    },
    [selected],
  );
  return { choice, change };
}

const UNHELD = { of: null, choice: NO_CHOICE };
