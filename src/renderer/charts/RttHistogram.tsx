import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, usePlotArea, XAxis, YAxis } from 'recharts';
import { Histogram } from '../../shared/histogram.ts';
import { ENOUGH_SAMPLES, type HistogramFrame, RTT_WINDOWS, type RttWindow } from '../../shared/rttView.ts';
import { type WallMs, wallMs } from '../../shared/units.ts';
import { count, latency, NOTHING, plural } from '../format.ts';
import { adjust, type Route } from '../route.ts';
import { hostWall, useClient, useEngine } from '../store/hooks.ts';
import { whileSeen } from '../store/seen.ts';
import { Awaited } from '../ui/Awaited.tsx';
import { ScrollBox } from '../ui/ScrollBox.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { WINDOW_TEXT } from '../views/link/windows.ts';
import { axisOver, type Bin, displayBins, placeOf } from './bins.ts';
import { TableSwitch } from './ChartControls.tsx';
import { CopyButtons } from './CopyButtons.tsx';
import { csvOf } from './csv.ts';
import { momentText } from './pictureText.ts';

/** How the round trips of one window are spread, from the engine's own counts, once a second. */
export default function RttHistogram({ route }: { readonly route: Route & { view: 'link' } }) {
  const { frame, asOf } = useHistogram(route.name, route.window);
  const [table, setTable] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const bins = useMemo(() => (frame === null ? [] : displayBins(frame.histogram)), [frame]);
  const histogram = useMemo(() => (frame === null ? null : Histogram.decode(frame.histogram)), [frame]);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  return (
    <section className="panel chart-panel time-panel" aria-label="Distribution of round trips">
      <div className="panel-head">
        <h2>Distribution</h2>
        <ul className="line-key" aria-label="Percentiles">
          {QUANTILES.map(({ q, text, color }) => (
            <li key={text}>
              <span className="swatch" style={{ background: color }} /> {text}{' '}
              <span className={total < ENOUGH_SAMPLES ? 'num few' : 'num'}>
                {total === 0 ? NOTHING : latency((histogram?.quantileUs(q) ?? 0) / 1000)}
              </span>
            </li>
          ))}
        </ul>
        <TableSwitch label="Distribution as" table={table} onTable={setTable} />
        <CopyButtons
          title={`Distribution of ${route.name}`}
          when={() => `${WINDOW_TEXT[route.window]}, ${plural(total, 'sample')}, as of ${momentText(asOf())}`}
          picture={picture}
          csv={() => binsCsv(bins)}
        />
      </div>
      <div className="panel-head">
        <p className="dim axis-note">{total === 0 ? '' : `${plural(total, 'sample')}, logarithmic time`}</p>
        <Segmented
          label="Window"
          options={WINDOW_OPTIONS}
          value={route.window}
          onChange={(window) => adjust({ ...route, window })}
        />
      </div>
      <div className="plot" ref={picture} data-testid="rtt-histogram" data-samples={total}>
        {histogram === null || total === 0 ? (
          <p className="nothing">{frame === null ? <Awaited /> : 'No samples in this window'}</p>
        ) : table ? (
          <BinTable bins={bins} total={total} />
        ) : (
          <div className="plot-fill" role="img" aria-label={`Histogram of ${plural(total, 'round trip')}`}>
            <Bars bins={bins} histogram={histogram} />
          </div>
        )}
      </div>
    </section>
  );
}

const WINDOW_OPTIONS = RTT_WINDOWS.map((value) => ({ value, text: WINDOW_TEXT[value] }));

/** The counts, and when by the host's clock they were told last: of an engine that is gone that is long ago. */
function useHistogram(link: string, window: RttWindow): { frame: HistogramFrame | null; asOf: () => WallMs } {
  const client = useClient();
  const { store } = useEngine();
  const toldAt = useRef(wallMs(0));
  const [frame, setFrame] = useState<HistogramFrame | null>(null);
  useEffect(() => {
    let latest: HistogramFrame | null = null;
    const read = (told: () => void) =>
      client.histogram({ link, window }, (next) => {
        latest = next;
        toldAt.current = hostWall(store.getState(), performance.now());
        told();
      });
    return whileSeen(read, () => setFrame((held) => (isSame(held, latest) ? held : latest)));
  }, [client, store, link, window]);
  const own = frame !== null && frame.link === link && frame.window === window;
  return { frame: own ? frame : null, asOf: () => toldAt.current };
}

/** An idle link's histogram comes every second too: one that says the same is not drawn again. */
function isSame(held: HistogramFrame | null, next: HistogramFrame | null): boolean {
  if (held === null || next === null || held.link !== next.link || held.window !== next.window) return false;
  const [a, b] = [held.histogram, next.histogram];
  return a.sumUs === b.sumUs && a.buckets.length === b.buckets.length && a.buckets.every((n, i) => n === b.buckets[i]);
}

const binsCsv = (bins: readonly Bin[]): string =>
  csvOf(
    ['from ms', 'to ms', 'samples'],
    bins.map(({ fromUs, toUs, count: samples }) => [fromUs / 1000, toUs / 1000, samples]),
  );

/** The bars that hold something, as numbers. */
function BinTable({ bins, total }: { readonly bins: readonly Bin[]; readonly total: number }) {
  return (
    <ScrollBox className="scroll-box" aria-label="Distribution of round trips as a table">
      <table className="plain">
        <thead>
          <tr>
            {['from', 'to', 'samples', 'share %'].map((head) => (
              <th scope="col" className="num" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bins
            .filter((bin) => bin.count > 0)
            .map((bin) => (
              <tr key={bin.fromUs}>
                <td className="num">{latency(bin.fromUs / 1000)}</td>
                <td className="num">{latency(bin.toUs / 1000)}</td>
                <td className="num">{count(bin.count)}</td>
                <td className="num">{((bin.count / total) * 100).toFixed(2)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

const QUANTILES = [
  { q: 0.5, text: 'p50', color: 'var(--p50)', dy: 0 },
  { q: 0.95, text: 'p95', color: 'var(--p95)', dy: 13 },
  { q: 0.99, text: 'p99', color: 'var(--p99)', dy: 26 },
] as const;

const Bars = memo(function Bars({ bins, histogram }: { readonly bins: readonly Bin[]; readonly histogram: Histogram }) {
  const axis = axisOver(bins);
  const data = bins.map((bin, at) => ({ ...bin, at }));
  const edge = (at: number): string => latency((bins[at]?.fromUs ?? 0) / 1000);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={FIRST_SIZE}>
      <BarChart data={data} margin={MARGIN} barCategoryGap={1} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--hairline)" />
        <XAxis
          dataKey="at"
          tickFormatter={edge}
          tick={<EdgeTick bars={bins.length} text={edge} />}
          tickLine={false}
          stroke="var(--hairline)"
          interval="equidistantPreserveStart"
          minTickGap={24}
          height={22}
        />
        <YAxis
          domain={axis.domain as [number, number]}
          ticks={axis.ticks.filter(Number.isInteger)}
          tickFormatter={count}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={52}
        />
        <Tooltip content={PointedBar} isAnimationActive={false} cursor={CURSOR} />
        <Bar dataKey="count" fill="var(--bar)" isAnimationActive={false} minPointSize={leastHeight} />
        <Marks bins={bins} histogram={histogram} />
      </BarChart>
    </ResponsiveContainer>
  );
});

/** What a bar begins at stands under its left edge. */
function EdgeTick({ x = 0, y = 0, payload, bars, text }: TickProps) {
  const plot = usePlotArea();
  if (plot === undefined || payload === undefined) return null;
  return (
    <text x={Number(x) - plot.width / bars / 2} y={y} dy="0.71em" textAnchor="middle" {...TICK}>
      {text(payload.value)}
    </text>
  );
}

interface TickProps {
  readonly x?: number | string;
  readonly y?: number | string;
  readonly payload?: { readonly value: number };
  readonly bars: number;
  readonly text: (at: number) => string;
}

/** The percentiles: all lines first, since a neighbour’s may lie behind a name. */
function Marks({ bins, histogram }: { readonly bins: readonly Bin[]; readonly histogram: Histogram }) {
  const plot = usePlotArea();
  if (plot === undefined) return null;
  const marks = QUANTILES.map((quantile) => {
    const us = histogram.quantileUs(quantile.q) ?? 0;
    const place = placeOf(bins, us);
    const x = plot.x + place * plot.width;
    const name = `${quantile.text} ${latency(us / 1000)}`;
    return { ...quantile, x, name, ...(place > 0.7 ? RIGHT : LEFT) };
  });
  return (
    <g>
      {marks.map(({ text, x, color }) => (
        <line
          key={text}
          data-mark={text}
          x1={x}
          x2={x}
          y1={plot.y}
          y2={plot.y + plot.height}
          stroke={color}
          strokeWidth={1.5}
        />
      ))}
      {marks.map(({ text, name, x, dx, dy, textAnchor, color }) => (
        <text key={text} x={x + dx} y={plot.y + 14 + dy} textAnchor={textAnchor} fill={color} {...NAME}>
          {name}
        </text>
      ))}
    </g>
  );
}

const LEFT = { dx: 5, textAnchor: 'start' } as const;
const RIGHT = { dx: -5, textAnchor: 'end' } as const;
const NAME = { className: 'mark-name', fontSize: 11, stroke: 'var(--surface)', strokeWidth: 3, paintOrder: 'stroke' };

const MARGIN = { top: 8, right: 14, bottom: 0, left: 0 };
const FIRST_SIZE = { width: 600, height: 200 };
const TICK = { fill: 'var(--text-dim)', fontSize: 11 };
const CURSOR = { fill: 'var(--hover)' };

/** A single slow sample among thousands is what matters: it is never thinner than this. */
const leastHeight = (value: unknown): number => (typeof value === 'number' && value > 0 ? 3 : 0);

function PointedBar({ active, payload }: { active?: boolean; payload?: readonly { payload?: Bin }[] }) {
  const bin = payload?.[0]?.payload;
  if (active !== true || bin === undefined) return null;
  return (
    <div className="tip">
      <strong>{count(bin.count)}</strong> between {latency(bin.fromUs / 1000)} and {latency(bin.toUs / 1000)}
    </div>
  );
}
