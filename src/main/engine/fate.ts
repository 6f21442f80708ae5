import type { DownReason } from '../../shared/linkState.ts';
import type { Life } from '../../shared/verdict/endEvidence.ts';
import { ownFault } from './link/classify.ts';

/**
 * What the end of a link says to others: `network`, nothing came through; `venue`, it was not served, but something
 * answered, so that the way was there; `own`, it was about this link alone.
 */
export type Fate = 'network' | 'venue' | 'own';

export function fateOf({ reason, closeClass }: Pick<Life, 'reason' | 'closeClass'>): Fate {
  switch (reason.kind) {
    case 'cut':
    case 'dead':
    case 'resolve':
      return 'network';
    case 'refused':
      return reason.code === 'ECONNREFUSED' ? 'venue' : 'network';
    case 'dial-timeout':
      return reason.phase === 'upgrade' ? 'venue' : 'network';
    case 'http':
      return reason.status >= 500 ? 'venue' : 'own';
    case 'closed':
      if (closeClass === null) return ownFault(reason.code, reason.text) === null ? 'venue' : 'own';
      return closeClass === 'retry' ? 'venue' : 'own';
    case 'told':
      return reason.class === 'retry' ? 'venue' : 'own';
    case 'stale':
      return 'venue';
    default:
      return 'own';
  }
}

/** Ends that several links may share: who else was lost says whose doing it was. */
export function isShared({ kind }: DownReason): boolean {
  return kind === 'cut' || kind === 'dead' || kind === 'resolve' || kind === 'refused' || kind === 'dial-timeout';
}
