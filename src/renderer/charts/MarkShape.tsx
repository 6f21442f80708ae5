import type { ReactNode } from 'react';
import type { ChartMarkKind } from '../../shared/events.ts';

/** What a mark means, in the words of the key and of screen readers. */
export const MARK_WORDS: Readonly<Record<ChartMarkKind, string>> = {
  lost: 'socket lost',
  suspect: 'suspect',
  'by-hand': 'by hand',
  'gate-closed': 'gate closed',
  degradation: 'p99 off baseline or back',
  connected: 'connected',
  'gate-opened': 'gate open',
  settings: 'settings applied',
};

/** A kind of event as a shape of its own, in the colour of its link. */
export function MarkShape({ kind, color }: { readonly kind: ChartMarkKind; readonly color: string }) {
  return (
    <svg className="mark-shape" width="11" height="11" viewBox="0 0 11 11" aria-hidden="true" style={{ color }}>
      {SHAPES[kind]}
    </svg>
  );
}

const LINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 } as const;

const SHAPES: Readonly<Record<ChartMarkKind, ReactNode>> = {
  lost: <path d="M0.5 1.5 h10 l-5 8.5 z" fill="currentColor" />,
  suspect: <circle cx="5.5" cy="5.5" r="4.2" {...LINE} strokeDasharray="3 2" />,
  'by-hand': <path d="M1.2 1.2 l8.6 8.6 M9.8 1.2 l-8.6 8.6" {...LINE} />,
  'gate-closed': <path d="M1 1 h9 v9 h-9 z" fill="currentColor" />,
  degradation: <path d="M1 6 l4.5 -4.5 l4.5 4.5 M1 10 l4.5 -4.5 l4.5 4.5" {...LINE} />,
  connected: <path d="M1.2 9.5 h8.6 l-4.3 -7.4 z" {...LINE} />,
  'gate-opened': <path d="M1.5 1.5 h8 v8 h-8 z" {...LINE} />,
  settings: <path d="M5.5 0.8 l4.7 4.7 l-4.7 4.7 l-4.7 -4.7 z" {...LINE} />,
};
