import type { PoolView } from '../../../shared/pool.ts';
import { count, fixedMs, NOTHING } from '../../format.ts';
import { ENOUGH_SAMPLES } from '../overview/columns.ts';

const FIGURES = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
] as const;

/** Row P3: what warmth is worth, from real requests of both kinds, with how many stand behind each figure. */
export function Warmth({ pool }: { readonly pool: PoolView }) {
  const { cold, warm, saving } = pool;
  const shade = (samples: number | undefined): string => ((samples ?? 0) < ENOUGH_SAMPLES ? 'num few' : 'num');
  return (
    <section className="panel" aria-label="Cold against warm">
      <h2>
        Cold against warm <span className="dim">ms, since start</span>
      </h2>
      <table className="plain">
        <thead>
          <tr>
            <td />
            <th scope="col" className="num">
              cold
            </th>
            <th scope="col" className="num">
              warm
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">samples</th>
            <td className="num">{count(cold?.count ?? 0)}</td>
            <td className="num">{count(warm?.count ?? 0)}</td>
          </tr>
          {FIGURES.map(([text, key]) => (
            <tr key={key}>
              <th scope="row">{text}</th>
              <td className={shade(cold?.count)}>{fixedMs(cold?.[key])}</td>
              <td className={shade(warm?.count)}>{fixedMs(warm?.[key])}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">saved at p50</th>
            <td className="num" colSpan={2}>
              {saving === null ? NOTHING : `${fixedMs(saving.ms)} ms, ${saving.percent.toFixed(1)} %`}
            </td>
          </tr>
        </tbody>
      </table>
      <p className="foot">
        Whole requests. Cold: on a fresh socket, its connect included. Warm: on a ready one. {NOTHING}: not measured
        yet. Grey: under {ENOUGH_SAMPLES} samples.
      </p>
    </section>
  );
}
