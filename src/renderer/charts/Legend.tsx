import { memo, type ReactNode, useCallback, useMemo, useRef } from 'react';
import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { ENOUGH_SAMPLES, type LinkRtt } from '../../shared/rttView.ts';
import { fixedMs, NOTHING, plural } from '../format.ts';
import { isPaused } from '../standing.ts';
import { useSeenState } from '../store/hooks.ts';
import { CutName, NameRoomContext } from '../ui/CutName.tsx';
import type { LineLook } from './LinesPlot.tsx';
import { useCursor } from './timeScope.ts';
import { useSize } from './useSize.ts';

/** As `charts.css` has a line of it: all but the name, with a figure under 1,000 ms. */
const NAME_FONT = '12px';
const BESIDE_NAME_PX = 84;

interface Props {
  readonly title: ReactNode;
  readonly drawn: readonly string[];
  /** Links that a person took out of the drawing: they stay in sight, to be put back. */
  readonly dropped: readonly string[];
  /** Links for which there was no room. */
  readonly rest: readonly string[];
  readonly looks: readonly LineLook[];
  /** The value of a line at a moment, `null` where there is none. */
  readonly valueAt: (line: number, t: number) => number | null;
  readonly onPoint: (name: string | null) => void;
  readonly onChoose: (name: string, wanted: boolean) => void;
}

/** The lines and what they say now, or at the moment that is pointed at; a click draws a link, or no longer. */
export function Legend({ title, drawn, dropped, rest, looks, valueAt, onPoint, onChoose }: Props) {
  const cursor = useCursor();
  const list = useRef<HTMLUListElement>(null);
  const width = useSize(list)?.width;
  const nameRoom = useMemo(() => {
    const px = width === undefined ? null : width - BESIDE_NAME_PX;
    return { names: [...drawn, ...dropped], px, font: NAME_FONT };
  }, [drawn, dropped, width]);
  return (
    <div className="legend">
      <p className="dim legend-title" data-picture-text>
        {title}
      </p>
      <NameRoomContext value={nameRoom}>
        <ul ref={list} aria-label="Lines">
          {drawn.map((name, line) => (
            <Entry
              key={name}
              name={name}
              look={looks[line]}
              then={cursor === null ? null : fixedMs(valueAt(line, cursor.t))}
              onPoint={onPoint}
              onChoose={onChoose}
            />
          ))}
          {dropped.map((name) => (
            <Entry key={name} name={name} then={null} onPoint={onPoint} onChoose={onChoose} />
          ))}
        </ul>
      </NameRoomContext>
      {rest.length > 0 && <Rest rest={rest} onChoose={onChoose} />}
    </div>
  );
}

/** Hundreds of names, in a legend that is drawn anew every second. */
const Rest = memo(function Rest({ rest, onChoose }: Pick<Props, 'rest' | 'onChoose'>) {
  return (
    <select aria-label="Draw another link" value="" onChange={(event) => onChoose(event.target.value, true)}>
      <option value="">{plural(rest.length, 'link')} not drawn…</option>
      {rest.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
});

interface EntryProps extends Pick<Props, 'onPoint' | 'onChoose'> {
  readonly name: string;
  /** Missing for a link that is not drawn. */
  readonly look?: LineLook | undefined;
  /** What it said at the moment that is pointed at; `null`: it says what it says now. */
  readonly then: string | null;
}

const Entry = memo(function Entry({ name, look, then, onPoint, onChoose }: EntryProps) {
  const now = useSeenState(useCallback((state) => p99Now(state.snapshot?.links[name]), [name]));
  const dim = useSeenState(useCallback((state) => isDimNow(state.snapshot?.links[name]), [name]));
  return (
    <li>
      <button
        type="button"
        aria-pressed={look !== undefined}
        onMouseEnter={() => onPoint(name)}
        onMouseLeave={() => onPoint(null)}
        onFocus={() => onPoint(name)}
        onBlur={() => onPoint(null)}
        onClick={() => onChoose(name, look === undefined)}
        title={look === undefined ? `Draw ${name}` : `Do not draw ${name}`}
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
