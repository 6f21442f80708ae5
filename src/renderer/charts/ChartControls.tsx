import { memo } from 'react';
import { SLICE_RANGES } from '../../shared/slices.ts';
import { adjust, type ChartRoute, type Route } from '../route.ts';
import { Segmented } from '../ui/Segmented.tsx';

interface Props {
  readonly route: Extract<Route, { chart: ChartRoute }>;
  /** Lines, smoke or heatmap: where a page has that choice. */
  readonly withForm: boolean;
}

/** Range, form and scale; they live in the address. */
export const ChartControls = memo(function ChartControls({ route, withForm }: Props) {
  const { chart } = route;
  const set = (change: Partial<ChartRoute>): void => adjust({ ...route, chart: { ...chart, ...change } });
  const alwaysLog = withForm && chart.form === 'heatmap';
  return (
    <div className="chart-controls">
      <Segmented label="Range" options={RANGES} value={chart.range} onChange={(range) => set({ range })} />
      {withForm && <Segmented label="Form" options={FORMS} value={chart.form} onChange={(form) => set({ form })} />}
      <fieldset className="bare" disabled={alwaysLog} title={alwaysLog ? 'A heatmap is always logarithmic' : undefined}>
        <Segmented
          label="Scale"
          options={SCALES}
          value={alwaysLog ? 'log' : chart.scale}
          onChange={(scale) => set({ scale })}
        />
      </fieldset>
    </div>
  );
});

interface TableSwitchProps {
  readonly label: string;
  readonly table: boolean;
  readonly onTable: (table: boolean) => void;
}

/** The way to the same numbers as a table. */
export const TableSwitch = memo(function TableSwitch({ label, table, onTable }: TableSwitchProps) {
  return (
    <Segmented
      label={label}
      options={VIEWS}
      value={table ? 'table' : 'chart'}
      onChange={(view) => onTable(view === 'table')}
    />
  );
});

const RANGE_TEXT = { '1m': '1 min', '5m': '5 min', '15m': '15 min', '1h': '1 h' } as const;
const RANGES = SLICE_RANGES.map((value) => ({ value, text: RANGE_TEXT[value] }));
const FORMS = [
  { value: 'lines', text: 'Lines' },
  { value: 'smoke', text: 'Smoke' },
  { value: 'heatmap', text: 'Heatmap' },
] as const;
const SCALES = [
  { value: 'linear', text: 'Linear' },
  { value: 'log', text: 'Log' },
] as const;
const VIEWS = [
  { value: 'chart', text: 'Chart' },
  { value: 'table', text: 'Table' },
] as const;
