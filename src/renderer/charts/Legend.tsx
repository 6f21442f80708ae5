import type { ReactNode } from 'react';
import { fixedMs, NOTHING } from '../format.ts';
import { isPaused } from '../standing.ts';
import { useLink } from '../store/hooks.ts';
import { ENOUGH_SAMPLES } from '../views/overview/columns.ts';
import type { LineLook } from './LinesPlot.tsx';
import { useCursor } from './timeScope.ts';

interface Props {
  readonly title: ReactNode;
  readonly names: readonly string[];
  readonly drawn: readonly string[];
  readonly looks: readonly LineLook[];
  /** The value of a line at a moment, `null` where there is none. */
  readonly valueAt: (line: number, t: number) => number | null;
  readonly onPoint: (name: string | null) => void;
  readonly onChoose: (name: string, wanted: boolean) => void;
}

/** The lines and what they say now, or at the moment that is pointed at; a click draws a link, or no longer. */
export function Legend({ title, names, drawn, looks, valueAt, onPoint, onChoose }: Props) {
  const others = names.filter((name) => !drawn.includes(name));
  return (
    <div className="legend">
      <p className="dim legend-title">{title}</p>
      <ul aria-label="Lines">
        {drawn.map((name, line) => (
          <Entry
            key={name}
            name={name}
            look={looks[line]}
            valueAt={(t) => valueAt(line, t)}
            onPoint={onPoint}
            onChoose={onChoose}
          />
        ))}
        {others.map((name) => (
          <Entry key={name} name={name} onPoint={onPoint} onChoose={onChoose} />
        ))}
      </ul>
    </div>
  );
}

interface EntryProps extends Pick<Props, 'onPoint' | 'onChoose'> {
  readonly name: string;
  /** Missing for a link that is not drawn. */
  readonly look?: LineLook | undefined;
  readonly valueAt?: (t: number) => number | null;
}

function Entry({ name, look, valueAt, onPoint, onChoose }: EntryProps) {
  const link = useLink(name);
  const cursor = useCursor();
  if (link === null) return null;
  const minute = isPaused(link) ? null : link.rtt.windows['1m'];
  const now = link.about.ping === 'none' ? 'n/a' : fixedMs(minute?.p99Ms);
  const value = cursor === null || valueAt === undefined ? now : fixedMs(valueAt(cursor.t));
  const enough = cursor !== null || (minute !== null && minute.count >= ENOUGH_SAMPLES);
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
        <bdi data-picture-text>{name}</bdi>
        <span className={enough ? 'num' : 'num few'} data-picture-text>
          {value ?? NOTHING}
        </span>
      </button>
    </li>
  );
}
