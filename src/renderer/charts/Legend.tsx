import { memo, type ReactNode, useCallback, useMemo, useRef } from 'react';
import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { ENOUGH_SAMPLES, type LinkRtt } from '../../shared/rttView.ts';
import { fixedMs, NOTHING, plural } from '../format.ts';
import { isPaused } from '../standing.ts';
import { useSeenState } from '../store/hooks.ts';
import { CutName, NameRoomContext } from '../ui/CutName.tsx';
import type { LineLook } from './LinesPlot.tsx';
import { drawAll, drawLine, drawOnly, type LineChoice } from './lineChoice.ts';
import { useCursor } from './timeScope.ts';
import { useSize } from './useSize.ts';

/** As `charts.css` has a line of it: all but the name, with a figure under 1,000 ms. */
const NAME_FONT = '12px';
const BESIDE_NAME_PX = 84;

interface Props {
  readonly title: ReactNode;
  readonly drawn: readonly string[];
  /** The drawn ones and, at their places, those that are not drawn and can be put back. */
  readonly listed: readonly string[];
  /** Links for which there was no room. */
  readonly rest: readonly string[];
  /** Of those that are listed. */
  readonly looks: readonly LineLook[];
  /** Only some lines are drawn, until all are asked for. */
  readonly isAlone: boolean;
  /** The value of a line at a moment, `null` where there is none. */
  readonly valueAt: (line: number, t: number) => number | null;
  readonly onPoint: (name: string | null) => void;
  readonly onChange: (next: (choice: LineChoice) => LineChoice) => void;
}

/**
 * The lines and what they say now, or at the moment that is pointed at; a click draws a link, or no longer, and with Alt
 * only it. Each keeps its place, so that the next press meets it again.
 */
export function Legend({ title, drawn, listed, rest, looks, isAlone, valueAt, onPoint, onChange }: Props) {
  const cursor = useCursor();
  const list = useRef<HTMLUListElement>(null);
  const width = useSize(list)?.width;
  const nameRoom = useMemo(() => {
    const px = width === undefined ? null : width - BESIDE_NAME_PX;
    return { names: listed, px, font: NAME_FONT };
  }, [listed, width]);
  return (
    <div className="legend">
      <div className="legend-head">
        <p className="dim legend-title" data-picture-text>
          {title}
        </p>
        {isAlone && (
          <button type="button" onClick={() => onChange(drawAll)}>
            Draw all again
          </button>
        )}
      </div>
      <NameRoomContext value={nameRoom}>
        <ul ref={list} aria-label="Lines">
          {listed.map((name, at) => {
            const line = drawn.indexOf(name);
            return (
              <Entry
                key={name}
                name={name}
                look={line < 0 ? undefined : looks[at]}
                then={line < 0 || cursor === null ? null : fixedMs(valueAt(line, cursor.t))}
                onPoint={onPoint}
                onChange={onChange}
              />
            );
          })}
        </ul>
      </NameRoomContext>
      {rest.length > 0 && <Rest rest={rest} onChange={onChange} />}
    </div>
  );
}

/** Hundreds of names, in a legend that is drawn anew every second. */
const Rest = memo(function Rest({ rest, onChange }: Pick<Props, 'rest' | 'onChange'>) {
  return (
    <select
      aria-label="Draw another link"
      value=""
      onChange={({ target }) => onChange((choice) => drawLine(choice, target.value, true))}
    >
      <option value="">{plural(rest.length, 'link')} not drawn…</option>
      {rest.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
});

interface EntryProps extends Pick<Props, 'onPoint' | 'onChange'> {
  readonly name: string;
  /** Missing for a link that is not drawn. */
  readonly look?: LineLook | undefined;
  /** What it said at the moment that is pointed at; `null`: it says what it says now. */
  readonly then: string | null;
}

const Entry = memo(function Entry({ name, look, then, onPoint, onChange }: EntryProps) {
  const now = useSeenState(useCallback((state) => p99Now(state.snapshot?.links[name]), [name]));
  const dim = useSeenState(useCallback((state) => isDimNow(state.snapshot?.links[name]), [name]));
  const isDrawn = look !== undefined;
  const press = (alone: boolean): void =>
    onChange((choice) => (alone ? drawOnly(choice, name) : drawLine(choice, name, !isDrawn)));
  return (
    <li>
      <button
        type="button"
        aria-pressed={isDrawn}
        onMouseEnter={() => onPoint(name)}
        onMouseLeave={() => onPoint(null)}
        onFocus={() => onPoint(name)}
        onBlur={() => onPoint(null)}
        onClick={({ altKey }) => press(altKey)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !event.altKey) return;
          event.preventDefault();
          press(true);
        }}
        title={`${isDrawn ? 'Do not draw' : 'Draw'} ${name}\nAlt+click, Alt+Enter: only this one, or all again`}
      >
        <svg width="16" height="10" aria-hidden="true">
          {look !== undefined && (
            <line x1="0" x2="16" y1="5" y2="5" stroke={look.color} strokeWidth="2.5" strokeDasharray={look.dash} />
          )}
        </svg>
        <CutName name={name} />
        <span className={dim && then === null ? 'num few' : 'num'} data-picture-text>
          {then ?? now}
        </span>
      </button>
    </li>
  );
});

const minuteOf = (link: LinkView): LinkRtt['windows']['1m'] => (isPaused(link) ? null : link.rtt.windows['1m']);

function p99Now(link: LinkView | undefined): string {
  if (link === undefined) return NOTHING;
  return link.about.ping === 'none' ? 'n/a' : fixedMs(minuteOf(link)?.p99Ms);
}

/** Few samples stand behind it, or it is of before the link was lost. */
const isDimNow = (link: LinkView | undefined): boolean =>
  link === undefined || !isOpen(link.state) || (minuteOf(link)?.count ?? 0) < ENOUGH_SAMPLES;
