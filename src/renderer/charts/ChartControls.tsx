import { adjust, type ChartRoute, RANGES_MIN, type Route } from '../route.ts';
import { Segmented } from '../ui/Segmented.tsx';

/** Range, scale and the way to the same numbers as a table; the first two live in the address. */
export function ChartControls(props: {
  readonly route: Extract<Route, { chart: ChartRoute }>;
  readonly table: boolean;
  readonly onTable: (table: boolean) => void;
}) {
  const { route, table, onTable } = props;
  const set = (change: Partial<ChartRoute>): void => adjust({ ...route, chart: { ...route.chart, ...change } });
  return (
    <div className="chart-controls">
      <Segmented
        label="Range"
        options={RANGES}
        value={route.chart.rangeMin}
        onChange={(rangeMin) => set({ rangeMin })}
      />
      <Segmented label="Scale" options={SCALES} value={route.chart.scale} onChange={(scale) => set({ scale })} />
      <Segmented
        label="Show as"
        options={FORMS}
        value={table ? 'table' : 'chart'}
        onChange={(form) => onTable(form === 'table')}
      />
    </div>
  );
}

const RANGES = RANGES_MIN.map((value) => ({ value, text: `${value} min` }));
const SCALES = [
  { value: 'linear', text: 'Linear' },
  { value: 'log', text: 'Log' },
] as const;
const FORMS = [
  { value: 'chart', text: 'Chart' },
  { value: 'table', text: 'Table' },
] as const;
