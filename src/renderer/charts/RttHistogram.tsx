import { memo, useEffect, useState } from 'react';
import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { Histogram } from '../../shared/histogram.ts';
import { type HistogramFrame, RTT_WINDOWS, type RttWindow } from '../../shared/snapshot.ts';
import { count, latency } from '../format.ts';
import { adjust, type Route } from '../route.ts';
import { useClient } from '../store/hooks.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { WINDOW_TEXT } from '../views/link/windows.ts';
import { linearAxis } from './axis.ts';
import { type Bin, binOf, displayBins } from './bins.ts';

/** How the round trips of one window are spread, from the engine's own counts, once a second. */
export default function RttHistogram({ route }: { readonly route: Route & { view: 'link' } }) {
  const frame = useHistogram(route.name, route.window);
  const bins = frame === null ? [] : displayBins(frame.histogram);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  return (
    <section className="panel chart-panel" aria-label="Distribution of round trips">
      <div className="panel-head">
        <h2>
          Distribution <span className="dim">{total === 0 ? '' : `${count(total)} samples, logarithmic time`}</span>
        </h2>
        <Segmented
          label="Window"
          options={WINDOW_OPTIONS}
          value={route.window}
          onChange={(window) => adjust({ ...route, window })}
        />
      </div>
      <div className="plot" data-testid="rtt-histogram" data-samples={total}>
        {frame === null || total === 0 ? (
          <p className="nothing">{frame === null ? 'Loading…' : 'No samples in this window'}</p>
        ) : (
          <div className="plot-fill" role="img" aria-label={`Histogram of ${total} round trips`}>
            <Bars bins={bins} histogram={Histogram.decode(frame.histogram)} />
          </div>
        )}
      </div>
    </section>
  );
}

const WINDOW_OPTIONS = RTT_WINDOWS.map((value) => ({ value, text: WINDOW_TEXT[value] }));

function useHistogram(link: string, window: RttWindow): HistogramFrame | null {
  const client = useClient();
  const [frame, setFrame] = useState<HistogramFrame | null>(null);
  useEffect(() => client.histogram({ link, window }, setFrame), [client, link, window]);
  return frame !== null && frame.link === link && frame.window === window ? frame : null;
}

const QUANTILES = [
  { q: 0.5, text: 'p50', color: 'var(--p50)', dy: 0 },
  { q: 0.95, text: 'p95', color: 'var(--p95)', dy: 13 },
  { q: 0.99, text: 'p99', color: 'var(--p99)', dy: 26 },
] as const;

const Bars = memo(function Bars({ bins, histogram }: { readonly bins: readonly Bin[]; readonly histogram: Histogram }) {
  const axis = linearAxis(Math.max(4, ...bins.map((bin) => bin.count)));
  const data = bins.map((bin, at) => ({ ...bin, at }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={FIRST_SIZE}>
      <BarChart data={data} margin={MARGIN} barCategoryGap={1} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--hairline)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: number) => latency((bins[at]?.fromUs ?? 0) / 1000)}
          tick={TICK}
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
        {QUANTILES.map((quantile) => {
          const us = histogram.quantileUs(quantile.q) ?? 0;
          const at = binOf(bins, us);
          return at === null ? null : (
            <ReferenceLine
              key={quantile.text}
              x={at}
              stroke={quantile.color}
              strokeWidth={1.5}
              label={{
                value: `${quantile.text} ${latency(us / 1000)}`,
                position: at > bins.length * 0.7 ? 'insideTopRight' : 'insideTopLeft',
                fill: quantile.color,
                fontSize: 11,
                dy: quantile.dy,
              }}
            />
          );
        })}
      </BarChart>
    </ResponsiveContainer>
  );
});

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
