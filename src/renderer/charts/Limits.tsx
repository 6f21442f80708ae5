import { memo } from 'react';
import { type Axis, heightOf } from './axis.ts';
import { edgeLines, type Limit, labelSides, limitText } from './limits.ts';

const LINE_PX = 12;

interface Props {
  readonly limits: readonly Limit[];
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
  readonly width: number;
  readonly height: number;
  readonly overAreas: boolean;
}

/** The rules' limits as lines; one that lies off the axis is named at the edge it lies beyond. */
export const Limits = memo(function Limits({ limits, axis, scale, width, height, overAreas }: Props) {
  const heights = limits.map((limit) => ({ ...limit, up: heightOf(axis, scale, limit.ms) }));
  const within = heights.filter(({ up }) => up >= 0 && up <= 1);
  const above = edgeLines(
    '↑',
    heights.filter(({ up }) => up > 1),
    width,
  );
  const below = edgeLines(
    '↓',
    heights.filter(({ up }) => up < 0),
    width,
  );
  const yOf = (up: number): number => Math.round((1 - up) * height) + 0.5;
  const sides = labelSides(within.map(({ up }) => yOf(up)));
  return (
    <g className={overAreas ? 'limits over-areas' : 'limits'}>
      {within.map((limit, index) => {
        const y = yOf(limit.up);
        const atEnd = sides[index] === 'end';
        return (
          <g key={limit.ms} data-testid="limit" data-ms={limit.ms}>
            {overAreas && <line className="halo" x1={0} x2={width} y1={y} y2={y} />}
            <line x1={0} x2={width} y1={y} y2={y} />
            <text x={atEnd ? width - 4 : 4} y={y < 16 ? y + 12 : y - 4} textAnchor={sides[index]}>
              {limitText(limit)}
            </text>
          </g>
        );
      })}
      {above.length > 0 && <EdgeText lines={above} y={11} name="limits-above" />}
      {below.length > 0 && <EdgeText lines={below} y={height - 5 - (below.length - 1) * LINE_PX} name="limits-below" />}
    </g>
  );
});

interface EdgeProps {
  readonly lines: readonly string[];
  /** Of the first line. */
  readonly y: number;
  readonly name: string;
}

const EdgeText = ({ lines, y, name }: EdgeProps) => (
  <text data-testid={name}>
    {lines.map((line, index) => (
      <tspan key={line} x={4} y={y + index * LINE_PX}>
        {line}
      </tspan>
    ))}
  </text>
);
