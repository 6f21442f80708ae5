import type { PoolView } from '../../../shared/pool.ts';
import { settingsHash } from '../../route.ts';
import { NowMark } from '../../ui/NowMark.tsx';
import { alertCount, missesTarget } from './poolStanding.ts';

/** Row P4: what is wrong with the pool's use, each with the setting that would change it. */
export function Alerts({ pool }: { readonly pool: PoolView }) {
  const { name, alerts, warnings } = pool;
  return (
    <section className="panel" aria-label="Alerts">
      <h2>Alerts and warnings</h2>
      {alertCount(pool) === 0 && (
        <p className="nothing">
          {missesTarget(pool) ? (
            <>
              <NowMark tone="idle" /> No alert, but a target is missed: see Requests and sockets.
            </>
          ) : (
            <>
              <NowMark tone="good" /> None.
            </>
          )}
        </p>
      )}
      <ul className="pool-alerts">
        {alerts.map(({ kind, text, setting }) => (
          <li key={kind}>
            <NowMark tone="warn" />
            <span>
              {text}. <a href={settingsHash({ pool: name, key: setting })}>Change {setting}</a>
            </span>
          </li>
        ))}
        {warnings.map((warning) => (
          <li key={warning}>
            <NowMark tone="warn" />
            <span>{warning}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
