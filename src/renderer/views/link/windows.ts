import type { RttWindow } from '../../../shared/rttView.ts';

export const WINDOW_TEXT: Readonly<Record<RttWindow, string>> = {
  '1m': '1 min',
  '5m': '5 min',
  '1h': '1 h',
  start: 'since start',
};
