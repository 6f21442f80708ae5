import { memo } from 'react';
import type { Percentiles } from '../../../shared/histogram.ts';
import type { PoolView } from '../../../shared/pool.ts';
import { ENOUGH_SAMPLES } from '../../../shared/rttView.ts';
import { count, duration, fixedMs, NOTHING, percent } from '../../format.ts';
import { usePool } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { alertCount, originTone, retryAt, worstOrigin } from './poolStanding.ts';

export const PoolRow = memo(function PoolRow({ name, current }: { readonly name: string; readonly current: boolean }) {
  const pool = usePool(name);
  if (pool === null) return null;
  const { counters, averageAgeMs, saving } = pool;
  const ready = pool.origins.reduce((sum, origin) => sum + origin.ready, 0);
  const wanted = pool.origins.reduce((sum, origin) => sum + origin.wanted, 0);
  return (
    <tr data-pool={name} aria-label={name} aria-selected={current} tabIndex={current ? 0 : -1}>
      <td>
        <div className="name" title={name}>
          <bdi className="ellipsis">{name}</bdi>
          {pool.demo && <span className="badge">DEMO</span>}
        </div>
      </td>
      <StateCell pool={pool} />
      <td className={ready < wanted ? 'num short' : 'num'}>
        {ready}/{wanted}
      </td>
      <td className="num">{count(pool.active)}</td>
      <td className="num">{count(pool.idle)}</td>
      <td className={pool.pending > 0 ? 'num short' : 'num'}>{count(pool.pending)}</td>
      <td className="num dim">{count(pool.maxConnections)}</td>
      <td className="num">{count(counters.requests)}</td>
      <td className="num">{percent(counters.reused, counters.requests) ?? NOTHING}</td>
      <P50 figures={pool.cold} />
      <P50 figures={pool.warm} />
      <td className="num">{saving === null ? NOTHING : saving.percent.toFixed(1)}</td>
      <td className="num">{averageAgeMs === null ? NOTHING : duration(averageAgeMs)}</td>
      <AlertCell pool={pool} />
    </tr>
  );
});

function StateCell({ pool }: { readonly pool: PoolView }) {
  const { state, detail } = worstOrigin(pool);
  const until = retryAt(state);
  return (
    <td className="state">
      <NowMark tone={originTone(state)} />
      <span>{state.kind}</span> {detail !== '' && <span className="dim">{detail}</span>}{' '}
      {until !== null && (
        <span>
          <span className="visually-hidden">, retry in </span>
          <Countdown until={until} totalMs={null} />
        </span>
      )}
    </td>
  );
}

/** The middle of the measurements and, always beside it, how many they are. */
function P50({ figures }: { readonly figures: Percentiles | null }) {
  const few = figures === null || figures.count < ENOUGH_SAMPLES;
  return (
    <>
      <td className={few ? 'num few' : 'num'}>{fixedMs(figures?.p50Ms)}</td>
      <td className="num n">{figures === null ? 0 : count(figures.count)}</td>
    </>
  );
}

function AlertCell({ pool }: { readonly pool: PoolView }) {
  const number = alertCount(pool);
  if (number === 0) return <td className="num dim">none</td>;
  const texts = [...pool.alerts.map(({ text }) => text), ...pool.warnings].join('\n');
  return (
    <td className="num" title={texts}>
      <NowMark tone="warn" /> {number}
    </td>
  );
}
