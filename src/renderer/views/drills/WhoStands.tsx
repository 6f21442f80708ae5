import type { DemoExchange } from '../../../shared/demoFault.ts';
import { linksAt, standsAt, whereItStands } from '../../store/drill.ts';
import type { EngineState } from '../../store/engine.ts';
import { useEngineState, useStale } from '../../store/hooks.ts';
import { poolsAt } from '../../store/poolDrill.ts';
import { shortLabel, standsText } from './standingLook.ts';

interface Props {
  readonly exchanges: readonly DemoExchange[];
  readonly exchange: DemoExchange;
  readonly onExchange: (name: string) => void;
}

/** Whom a fault here would meet; where nobody stands, where they are. */
export function WhoStands({ exchanges, exchange, onExchange }: Props) {
  const here = useEngineState((state) => namesHere(state, exchange).join(', '));
  const away = useEngineState(({ snapshot }) =>
    snapshot === null
      ? undefined
      : linksAt(exchange.name, snapshot).find((link) => !standsAt(exchange.name, link))?.name,
  );
  const place = useEngineState(({ snapshot }) =>
    snapshot === null ? exchange.name : whereItStands(exchange.name, snapshot),
  );
  const there = exchanges.find(({ name }) => name === place && name !== exchange.name);
  const stale = useStale();
  if (here !== '')
    return <p className="drill-who dim">{stale ? `${here} stood here when last heard` : `${here} would meet it`}</p>;
  if (away === undefined || there === undefined) return <p className="drill-who">{standsText(exchange)}</p>;
  return (
    <p className="drill-who word-warn">
      No link stands here now; <bdi>{away}</bdi> is at {shortLabel(there)}:{' '}
      <button type="button" className="drill-name" onClick={() => onExchange(there.name)}>
        drill there
      </button>
    </p>
  );
}

/** Whether any link or pool has this exchange among its addresses, if not in use now. */
export const useIsKnown = ({ name, wire }: DemoExchange): boolean =>
  useEngineState(({ snapshot, pools }) =>
    wire === 'HTTPS'
      ? pools !== null && poolsAt(name, pools).length > 0
      : snapshot !== null && linksAt(name, snapshot).length > 0,
  );

function namesHere({ snapshot, pools }: EngineState, { name, wire }: DemoExchange): readonly string[] {
  if (wire === 'HTTPS') return pools === null ? [] : poolsAt(name, pools).map((pool) => pool.name);
  return snapshot === null ? [] : linksAt(name, snapshot).flatMap((link) => (standsAt(name, link) ? [link.name] : []));
}
