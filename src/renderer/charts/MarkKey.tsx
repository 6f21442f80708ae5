import { CHART_MARKS } from '../../shared/events.ts';
import { MARK_WORDS, MarkShape } from './MarkShape.tsx';

/** What the shapes over a chart mean. */
export function MarkKey() {
  return (
    <ul className="mark-key dim" aria-label="Kinds of events">
      {CHART_MARKS.map((kind) => (
        <li key={kind}>
          <MarkShape kind={kind} color="var(--text-dim)" /> <span data-picture-text>{MARK_WORDS[kind]}</span>
        </li>
      ))}
    </ul>
  );
}
