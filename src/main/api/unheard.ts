import type { ApiSource } from './apiSource.ts';
import { ApiError } from './envelope.ts';
import type { Standing } from './mirror.ts';

/** Why nothing that was said of links and pools holds now. */
export interface Unheard {
  readonly code: string;
  readonly sentence: string;
  readonly fix: string;
}

const UNHEARD: Readonly<Record<Exclude<Standing, 'heard'>, Unheard>> = {
  starting: {
    code: 'engine-starting',
    sentence: 'Warmwire is starting, nothing is known yet',
    fix: 'ask again in a second',
  },
  silent: {
    code: 'engine-silent',
    sentence: 'Warmwire’s engine has not been heard for over a second, so nothing it said can be relied on',
    fix: 'send no orders; if it stays so, this machine is overloaded: look at the log',
  },
  restarting: {
    code: 'engine-restarting',
    sentence: 'Warmwire’s engine died and is being started again',
    fix: 'send no orders; it is back within seconds',
  },
};

/** `null` while the engine is heard. */
export function unheard({ mirror }: ApiSource): Unheard | null {
  const { standing } = mirror;
  return standing === 'heard' ? null : UNHEARD[standing];
}

/** Throws until the engine has told of all its links and pools once: an empty list would say that there are none. */
export function mustBeKnown(source: ApiSource): void {
  const none = source.mirror.isKnown ? null : unheard(source);
  if (none !== null) throw new ApiError(503, none.code, `${none.sentence}.`, none.fix, { 'retry-after': '1' });
}
