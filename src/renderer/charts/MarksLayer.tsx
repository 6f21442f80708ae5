import { usePlotArea, useXAxisScale } from 'recharts';
import { chartMark, eventText, type LinkEvent } from '../../shared/events.ts';

/** A moment worth a mark: a socket was lost, or another took its place. */
export interface ChartMark {
  readonly seq: number;
  readonly t: number;
  readonly kind: 'lost' | 'connected';
  readonly link: string;
  readonly text: string;
  readonly color: string;
}

/** More marks than this are a wall: the oldest are left out. */
const MOST_MARKS = 80;

export function marksOf(
  events: readonly LinkEvent[],
  fromMs: number,
  colorOf: (link: string) => string | null,
): readonly ChartMark[] {
  const marks: ChartMark[] = [];
  for (let i = events.length - 1; i >= 0 && marks.length < MOST_MARKS; i -= 1) {
    const event = events[i] as LinkEvent;
    if (event.wall < fromMs) break;
    const kind = chartMark(event.happening);
    const color = kind === null ? null : colorOf(event.link);
    if (kind === null || color === null) continue;
    marks.push({ seq: event.seq, t: event.wall, kind, link: event.link, text: eventText(event.happening), color });
  }
  return marks;
}

/** Triangles over the plot, point down for a loss and up for a new socket, with a hairline through the lines. */
export function MarksLayer({ marks }: { readonly marks: readonly ChartMark[] }) {
  const scale = useXAxisScale();
  const plot = usePlotArea();
  if (scale === undefined || plot === undefined) return null;
  return (
    <g className="marks">
      {marks.map((mark) => {
        const x = scale(mark.t);
        if (x === undefined || x < plot.x || x > plot.x + plot.width) return null;
        const lost = mark.kind === 'lost';
        return (
          <g key={mark.seq} data-testid="chart-mark" data-kind={mark.kind} data-link={mark.link}>
            <title>{`${mark.link}: ${mark.text}`}</title>
            <line
              x1={x}
              x2={x}
              y1={plot.y}
              y2={plot.y + plot.height}
              stroke={mark.color}
              strokeOpacity={0.55}
              strokeDasharray={lost ? '3 3' : '1 4'}
            />
            <path
              d={lost ? `M${x - 4} ${plot.y - 9} h8 l-4 7 z` : `M${x - 3.5} ${plot.y - 3} h7 l-3.5 -6 z`}
              fill={lost ? mark.color : 'var(--surface)'}
              stroke={mark.color}
            />
          </g>
        );
      })}
    </g>
  );
}
