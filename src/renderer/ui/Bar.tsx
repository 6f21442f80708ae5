import type { ComponentProps } from 'react';
import type { Tone } from '../standing.ts';
import { StatusMark } from './StatusMark.tsx';

interface Props extends Omit<ComponentProps<'div'>, 'className'> {
  /** What its ground is tinted with; `good` is not tinted. */
  readonly tone: Exclude<Tone, 'idle'>;
  /** The mark, where it is of another tone than the bar. */
  readonly mark?: Tone;
}

const GROUND = { good: 'bar', warn: 'bar bar-warn', bad: 'bar bar-bad' } as const;

/** A line across the page: what is the matter, and what can be done about it. */
export function Bar({ tone, mark = tone, children, ...rest }: Props) {
  return (
    <div {...rest} className={GROUND[tone]}>
      <StatusMark tone={mark} />
      {children}
    </div>
  );
}
