import { isOpen } from '../../../shared/health.ts';
import { stateText } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { unfitText } from '../../../shared/unfitReason.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { closedFor, gateLook } from '../../gateLook.ts';
import { type Tone, toneOf, waitsUntil, whyText } from '../../standing.ts';

/** How a link stands, as the head of its page says it. */
export interface HeadStanding {
  readonly tone: Tone;
  /** Beside the state's own word. */
  readonly words: readonly string[];
  /** Until when it waits, for its next try or its gate. */
  readonly until: MonoMs | null;
  readonly why: string;
}

const GRAVITY: readonly Tone[] = ['good', 'idle', 'warn', 'bad'];
const graver = (a: Tone, b: Tone): Tone => (GRAVITY.indexOf(a) > GRAVITY.indexOf(b) ? a : b);

/** A socket that is open and healthy is not well while nobody may trade over it. */
export function headStanding(link: LinkView): HeadStanding {
  const { state, gate, health } = link;
  const plain = [whyText(link), stateText(state)].find((text) => text !== '') ?? '';
  const words = health.level === 'none' ? [] : [health.level];
  const until = waitsUntil(link);
  if (gate.kind !== 'closed' || !isOpen(state)) return { tone: toneOf(link), words, until, why: plain };
  const { tone, opensAt } = gateLook(gate);
  const isHealthy = health.level === 'healthy';
  const cause = isHealthy ? unfitText(closedFor(gate)) : '';
  return {
    tone: graver(toneOf(link), tone),
    words: [...(isHealthy ? [] : words), opensAt === null ? 'gate closed' : 'gate opens in'],
    until: until ?? opensAt,
    why: cause === '' ? plain : cause,
  };
}
