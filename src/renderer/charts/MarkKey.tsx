import { memo } from 'react';
import { CHART_MARKS } from '../../shared/events.ts';
import { timeOfDay } from '../format.ts';
import { MARK_WORDS, MarkShape } from './MarkShape.tsx';

/** What the shapes over a chart mean, and since when events are known where the chart goes further back. */
export const MarkKey = memo(function MarkKey({ sinceMs }: { readonly sinceMs: number | null }) {
  return (
    <ul className="mark-key dim" aria-label="Kinds of events">
      {CHART_MARKS.map((kind) => (
        <li key={kind}>
          <MarkShape kind={kind} color="var(--text-dim)" /> <span data-picture-text>{MARK_WORDS[kind]}</span>
        </li>
      ))}
      {sinceMs !== null && <li data-picture-text>events before {timeOfDay(sinceMs)} are no longer kept</li>}
    </ul>
  );
});
