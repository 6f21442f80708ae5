import type { RequestTimings } from '../../../shared/pool.ts';
import { fixedMs, NOTHING } from '../../format.ts';
import { phasesOf } from './poolStanding.ts';

/** Row P6: where the time of the last request went, as a bar, in figures, and as a table for screen readers. */
export function Phases({ url, last }: { readonly url: string; readonly last: RequestTimings | null }) {
  if (last === null) return <span className="dim">no request yet</span>;
  const phases = phasesOf(last);
  let x = 0;
  return (
    <div className="phases">
      <svg className="request-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {phases.map(([name, ms], i) => {
          const width = last.totalMs <= 0 ? 0 : ((ms ?? 0) / last.totalMs) * 100;
          const from = x;
          x += width;
          return width === 0 ? null : <rect key={name} className={`phase-${i}`} x={from} width={width} height="8" />;
        })}
      </svg>
      <span className="phase-text" aria-hidden="true">
        {phases.map(([name, ms], i) =>
          ms === null ? null : (
            <span key={name}>
              <span className={`swatch phase-${i}`} /> <span className="dim">{name}</span> {fixedMs(ms)}
            </span>
          ),
        )}
        <span>
          <span className="dim">in all</span> {fixedMs(last.totalMs)} ms
        </span>
      </span>
      {/* A table is as high as its rows, whatever its height is said to be: what hides it is around it. */}
      <div className="visually-hidden">
        <table>
          <caption>Last request to {url}, milliseconds</caption>
          <tbody>
            {[...phases, ['in all', last.totalMs] as const].map(([name, ms]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{ms === null ? NOTHING : fixedMs(ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
