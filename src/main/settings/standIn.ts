import type { RunningText } from '../../shared/settingsView.ts';
import { heldBack, withHeldBack } from './heldBack.ts';
import type { Wanted } from './heldPresses.ts';
import type { Evaluated, Evaluation } from './running.ts';

/** What runs for want of a file without errors. */
export interface StandIn {
  readonly source: Exclude<RunningText, 'this file'>;
  readonly evaluated: Evaluated;
  /** Links that are paused in it because of the file. */
  readonly heldBack: Wanted;
}

/** Whether that is the part without errors of a text that has some. */
export const isPart = (source: RunningText): boolean =>
  source === 'what was sound of the file at the start' || source === 'what was sound of the last good settings';

/**
 * At a start with a file that cannot run as it is, the best there is: a certificate that is gone makes the file and its
 * kept copy faulty alike, and must not cost the links that do not need it. `null`: neither text has anything to run.
 */
export function standIn(file: Evaluation | null, kept: Evaluation | null): StandIn | null {
  if (kept?.good) return ofCopy('the last good settings', kept.good);
  const ofFile = file?.safePart() ?? null;
  if (ofFile !== null && runsSomething(ofFile)) {
    return { source: 'what was sound of the file at the start', evaluated: ofFile, heldBack: new Map() };
  }
  const sound = kept?.safePart() ?? null;
  return sound !== null && runsSomething(sound) ? ofCopy('what was sound of the last good settings', sound) : null;

  function ofCopy(source: StandIn['source'], copy: Evaluated): StandIn {
    const held: Wanted = file === null ? new Map() : heldBack(file, copy);
    return { source, evaluated: withHeldBack(copy, held), heldBack: held };
  }
}

const runsSomething = ({ config }: Evaluated): boolean => config.links.length + config.pools.length > 0;
