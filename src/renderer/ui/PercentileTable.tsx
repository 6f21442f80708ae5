import type { ReactNode } from 'react';
import type { Percentiles } from '../../shared/histogram.ts';
import { ENOUGH_SAMPLES } from '../../shared/rttView.ts';
import { count, NOTHING } from '../format.ts';

export interface PercentileColumn {
  readonly key: string;
  readonly head: string;
  /** `null`: no sample. */
  readonly figures: Percentiles | null;
  /** Nothing is measured: not even that there is no sample. */
  readonly off?: boolean;
}

interface Props {
  readonly label: string;
  readonly columns: readonly PercentileColumn[];
  /** From top to bottom: what a row is called, and which figure it has. */
  readonly rows: readonly (readonly [string, Exclude<keyof Percentiles, 'count'>])[];
  readonly text: (ms: number | undefined) => string;
  /** What heads the names of the rows. */
  readonly corner?: string;
  /** Rows below. */
  readonly children?: ReactNode;
}

/** Figures side by side, ms, with how many samples stand behind each: under twenty they are grey. */
export function PercentileTable({ label, columns, rows, text, corner, children }: Props) {
  return (
    <table className="plain percentiles" aria-label={label}>
      <thead>
        <tr>
          {corner === undefined ? <td /> : <th scope="col">{corner}</th>}
          {columns.map(({ key, head }) => (
            <th scope="col" className="num" key={key}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">samples</th>
          {columns.map(({ key, figures, off = false }) => (
            <td className="num" key={key}>
              {off ? NOTHING : count(figures?.count ?? 0)}
            </td>
          ))}
        </tr>
        {rows.map(([name, figure]) => (
          <tr key={figure}>
            <th scope="row">{name}</th>
            {columns.map(({ key, figures }) => (
              <td className={(figures?.count ?? 0) < ENOUGH_SAMPLES ? 'num few' : 'num'} key={key}>
                {text(figures?.[figure])}
              </td>
            ))}
          </tr>
        ))}
        {children}
      </tbody>
    </table>
  );
}
