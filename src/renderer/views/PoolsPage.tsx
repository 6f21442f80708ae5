import { useMemo } from 'react';
import { plural } from '../format.ts';
import { selectPoolNames, selectPools } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { PoolDetail } from './pools/PoolDetail.tsx';
import { PoolTable } from './pools/PoolTable.tsx';
import { alertCount, poolsSentence } from './pools/poolStanding.ts';

/** All HTTP pools in a table, and everything about the one that is chosen in it below. */
export default function PoolsPage({ name }: { readonly name: string | null }) {
  const names = useEngineState(selectPoolNames);
  useEscToOverview();
  if (names === null) {
    return (
      <p className="loading" role="status">
        Waiting for the pools’ first numbers…
      </p>
    );
  }
  const first = names[0];
  if (first === undefined) return <NoPools />;
  const current = name !== null && names.includes(name) ? name : first;
  return (
    <div className="pools-page">
      <header className="pools-bar">
        <PageHeading>Pools</PageHeading>
        <Summary />
      </header>
      <PoolTable names={names} current={current} />
      <PoolDetail key={name ?? first} name={name ?? first} />
    </div>
  );
}

function Summary() {
  const pools = useEngineState(selectPools);
  const all = useMemo(() => Object.values(pools ?? {}), [pools]);
  const alerts = all.reduce((sum, pool) => sum + alertCount(pool), 0);
  return (
    <p className="dim">
      {poolsSentence(all)} · {alerts === 0 ? 'no alerts' : plural(alerts, 'alert')}
    </p>
  );
}

function NoPools() {
  return (
    <div className="empty">
      <PageHeading>No pools yet</PageHeading>
      <p>
        A pool keeps connections to a venue’s HTTP address open and ready, so that an order does not wait for a
        handshake. Add one in the <a href="#/settings">settings</a>, for example:
      </p>
      <pre>{'[pool.kraken]\norigins = ["https://api.kraken.com"]'}</pre>
    </div>
  );
}
