import type { Tone } from '../standing.ts';
import { useStale } from '../store/hooks.ts';
import { StatusMark } from './StatusMark.tsx';

/** The mark of something that is so now: idle while the engine is not heard, since nobody knows then. */
export function NowMark({ tone }: { readonly tone: Tone }) {
  return <StatusMark tone={useStale() ? 'idle' : tone} />;
}
