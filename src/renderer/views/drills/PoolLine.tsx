import { fixedMs } from '../../format.ts';
import { poolHash } from '../../route.ts';
import { usePool } from '../../store/hooks.ts';
import { NowMark } from '../../ui/NowMark.tsx';
import { originTone, worstOrigin } from '../pools/poolStanding.ts';

/** How the drilled pool is right now: state, ready sockets, the last warm request. */
export function PoolLine({ name }: { readonly name: string }) {
  const pool = usePool(name);
  if (pool === null) return null;
  const { state } = worstOrigin(pool);
  const sum = (figure: 'ready' | 'wanted'): number => pool.origins.reduce((all, origin) => all + origin[figure], 0);
  const lastWarmMs = pool.origins.find((origin) => origin.lastWarmMs !== null)?.lastWarmMs;
  return (
    <p className="drill-link" data-testid="drill-pool">
      <NowMark tone={originTone(state)} />
      <a href={poolHash(name)}>
        <bdi>{name}</bdi>
      </a>
      <span>{state.kind}</span>
      <span className="dim">ready</span>
      <b>
        {sum('ready')}/{sum('wanted')}
      </b>
      <span className="dim">last warm request</span>
      <b>{fixedMs(lastWarmMs)}</b>
      <span className="unit">ms</span>
    </p>
  );
}
