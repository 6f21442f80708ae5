import { type KeyboardEvent, memo, useId, useState } from 'react';
import { timeOfDay } from '../format.ts';
import { MARK_WORDS, MarkShape } from './MarkShape.tsx';
import type { Mark, MarkGroup } from './marks.ts';

/** More than this would not be read: the others are counted. */
const MOST_TOLD = 6;

interface Props {
  readonly groups: readonly MarkGroup[];
  readonly width: number;
  readonly colorOf: (link: string) => string;
  /** Says whose event it is where there is more than one link. */
  readonly withLink: boolean;
}

/** The events over a chart, one tab stop for all: arrow keys go through them; each says what happened. */
export const MarkStrip = memo(function MarkStrip({ groups, width, colorOf, withLink }: Props) {
  const [current, setCurrent] = useState<number | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const card = useId();
  const keys = groups.map(keyOf);
  const home = current !== null && keys.includes(current) ? current : keys.at(-1);
  const told = groups.find((group) => keyOf(group) === shown);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const at = keys.indexOf(home ?? -1);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: keys.length - 1 }[event.key];
    if (event.key === 'Escape' && shown !== null) {
      event.preventDefault();
      setShown(null);
    }
    if (to === undefined) return;
    event.preventDefault();
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('button');
    buttons[Math.min(keys.length - 1, Math.max(0, to))]?.focus();
  }

  return (
    <fieldset className="mark-strip" aria-label="Events" onKeyDown={onKeyDown}>
      {groups.map((group) => {
        const key = keyOf(group);
        const [first] = group.marks;
        return (
          <button
            key={key}
            type="button"
            style={{ left: group.x }}
            tabIndex={key === home ? 0 : -1}
            aria-label={labelOf(group, withLink)}
            aria-describedby={key === shown ? card : undefined}
            data-testid="chart-mark"
            data-kind={group.kind}
            data-kinds={group.marks.map(({ kind }) => kind).join(' ')}
            data-link={first?.link}
            onFocus={() => {
              setCurrent(key);
              setShown(key);
            }}
            onBlur={() => setShown(null)}
            onMouseEnter={() => setShown(key)}
            onMouseLeave={() => setShown(null)}
            onClick={() => setShown(key)}
          >
            <MarkShape
              kind={group.kind}
              color={withLink && group.link !== null ? colorOf(group.link) : 'var(--text)'}
            />
            {group.marks.length > 1 && (
              <span className="mark-count" data-picture-text>
                {group.marks.length}
              </span>
            )}
          </button>
        );
      })}
      {told !== undefined && (
        <div
          id={card}
          role="tooltip"
          className="tip mark-card"
          style={told.x > width / 2 ? { right: width - told.x } : { left: told.x }}
        >
          {told.marks.slice(0, MOST_TOLD).map((mark) => (
            <Told
              key={mark.seq}
              mark={mark}
              color={withLink ? colorOf(mark.link) : 'var(--text)'}
              withLink={withLink}
            />
          ))}
          {told.marks.length > MOST_TOLD && (
            <p className="dim">and {told.marks.length - MOST_TOLD} more: a shorter range shows them apart</p>
          )}
        </div>
      )}
    </fieldset>
  );
});

const keyOf = (group: MarkGroup): number => group.marks[0]?.seq ?? 0;

function labelOf({ kind, marks }: MarkGroup, withLink: boolean): string {
  const [first] = marks;
  if (first === undefined) return '';
  if (marks.length > 1) return `${marks.length} events from ${timeOfDay(first.t)} on, the worst: ${MARK_WORDS[kind]}`;
  return `${MARK_WORDS[kind]}${withLink ? ` ${first.link}` : ''} at ${timeOfDay(first.t)}`;
}

interface ToldProps {
  readonly mark: Mark;
  readonly color: string;
  readonly withLink: boolean;
}

function Told({ mark, color, withLink }: ToldProps) {
  return (
    <div className="told">
      <MarkShape kind={mark.kind} color={color} />
      <div>
        <strong>{timeOfDay(mark.t, true)}</strong>{' '}
        <span className="dim">
          {withLink && (
            <>
              <bdi>{mark.link}</bdi>,{' '}
            </>
          )}
          socket {mark.generation}
          {mark.away !== null && `, ${mark.away}`}
        </span>
        <p>{mark.text}</p>
        {mark.verdict !== null && <p>Verdict: {mark.verdict}</p>}
      </div>
    </div>
  );
}
