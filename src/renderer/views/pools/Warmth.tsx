import type { PoolView } from '../../../shared/pool.ts';
import { ENOUGH_SAMPLES } from '../../../shared/rttView.ts';
import { fixedMs, NOTHING } from '../../format.ts';
import { PercentileTable } from '../../ui/PercentileTable.tsx';

const ROWS = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
] as const;

/** Row P3: what warmth is worth, from requests of both kinds and Warmwire's own cold probes, with how many stand behind each figure. */
export function Warmth({ pool }: { readonly pool: PoolView }) {
  const { cold, warm, saving } = pool;
  return (
    <section className="panel" aria-label="Cold against warm">
      <h2>
        Cold against warm <span className="dim">ms, since start</span>
      </h2>
      <PercentileTable
        label="Cold against warm"
        columns={[
          { key: 'cold', head: 'cold', figures: cold },
          { key: 'warm', head: 'warm', figures: warm },
        ]}
        rows={ROWS}
        text={fixedMs}
      >
        <tr>
          <th scope="row">saved at p50</th>
          <td className="num" colSpan={2}>
            {saving === null ? NOTHING : `${fixedMs(saving.ms)} ms, ${saving.percent.toFixed(1)} %`}
          </td>
        </tr>
      </PercentileTable>
      <p className="foot">
        Whole requests. Cold: on a fresh socket, its connect included; Warmwire’s own probes among them, which are in no
        other count. Warm: on a ready one. {NOTHING}: not measured yet. Grey: under {ENOUGH_SAMPLES} samples.
      </p>
    </section>
  );
}
