import type { LinkView } from '../../shared/linkView.ts';

/** What is asked before something that cuts. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly act: string;
}

/** Whether a socket is there that could be cut: only then is anything asked. */
export const isLive = ({ uptime }: Pick<LinkView, 'uptime'>): boolean => uptime.upSince !== null;

export type Cut = 'reconnect hard' | 'pause' | 'open breaker';

/** The question before a link is cut, the same whatever asks for it: a key, a button, or the palette. */
export function cutQuestion(cut: Cut, name: string): Question {
  switch (cut) {
    case 'reconnect hard':
      return {
        title: `Cut ${name} and dial again?`,
        act: 'Reconnect hard',
        text: 'Its socket is cut at once; no data comes until the new one is up.',
      };
    case 'pause':
      return {
        title: `Pause ${name}?`,
        act: 'Pause',
        text: 'Its socket is closed and stays closed until you resume it, over a restart too.',
      };
    case 'open breaker':
      return {
        title: `Open the breaker of ${name}?`,
        act: 'Open breaker',
        text: 'Its socket is cut now, and nothing is dialled until you close the breaker. No data comes meanwhile, and its trading gate is closed.',
      };
  }
}
