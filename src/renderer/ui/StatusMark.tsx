import type { Tone } from '../standing.ts';

/** A status as a shape and a hue that differ together; the word beside it is the text's business. */
export function StatusMark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`mark mark-${tone}`} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES = {
  good: <circle cx="5" cy="5" r="4.2" />,
  warn: <path d="M5 0.6 L9.7 9.2 L0.3 9.2 Z" />,
  bad: <rect x="0.9" y="0.9" width="8.2" height="8.2" />,
  idle: <path d="M5 0.8 L9.2 5 L5 9.2 L0.8 5 Z" />,
} as const;
