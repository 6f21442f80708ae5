import { type DemoExchange, type DemoFault, faultTitle } from '../../../shared/demoFault.ts';
import type { AnyRow } from '../../../shared/drillText.ts';
import { linksAt } from '../../store/drill.ts';
import { selectLinks, selectNames } from '../../store/engine.ts';
import { useEngineState, useStale } from '../../store/hooks.ts';
import { poolsAt } from '../../store/poolDrill.ts';
import { Awaited } from '../../ui/Awaited.tsx';
import { LinkLine } from './LinkLine.tsx';
import { PoolLine } from './PoolLine.tsx';
import { standsText } from './standingLook.ts';
import { TimelineTable } from './TimelineTable.tsx';
import { usePoolPreview } from './usePoolPreview.ts';
import { usePromisePreview } from './usePreview.ts';

interface Props {
  readonly exchange: DemoExchange;
  readonly fault: DemoFault;
}

/** What is promised of whoever stands at this exchange, before anything is done to it. */
export function Preview(props: Props) {
  return props.exchange.wire === 'HTTPS' ? <OfPool {...props} /> : <OfLink {...props} />;
}

function OfLink({ exchange, fault }: Props) {
  const order = useEngineState(selectNames);
  const links = useEngineState(selectLinks);
  const link = links === null ? null : (linksAt(exchange.name, { order, links })[0] ?? null);
  const rows = usePromisePreview(link, exchange, fault);
  return <Promises exchange={exchange} fault={fault} kind="link" name={link?.name ?? null} rows={rows} />;
}

function OfPool({ exchange, fault }: Props) {
  const pools = useEngineState((state) => state.pools);
  const pool = pools === null ? null : (poolsAt(exchange.name, pools)[0] ?? null);
  const rows = usePoolPreview(pool, exchange, fault);
  return <Promises exchange={exchange} fault={fault} kind="pool" name={pool?.name ?? null} rows={rows} />;
}

interface PromisesProps extends Props {
  readonly kind: 'link' | 'pool';
  readonly name: string | null;
  readonly rows: readonly AnyRow[];
}

function Promises({ exchange, fault, kind, name, rows }: PromisesProps) {
  const stale = useStale();
  return (
    <section className="panel drill-report" aria-label="Promises">
      <div className="panel-head">
        <h2>
          What is promised{' '}
          <span className="dim">
            before {faultTitle(fault)} on {exchange.label}
          </span>
        </h2>
      </div>
      {name === null ? (
        <p className="nothing">
          {standsText(exchange)}, or it is paused: nobody would notice.{' '}
          {kind === 'link' ? <a href="#/add">Add a link to it</a> : <a href="#/settings">Add a pool in the settings</a>}
        </p>
      ) : (
        <>
          {kind === 'link' ? <LinkLine name={name} /> : <PoolLine name={name} />}
          <p className="drill-result dim">
            {stale
              ? `Not started. ${name} is as it was last heard: what is promised of it may be otherwise by now.`
              : `Not started. These are the promises of ${name} as it is now.`}
          </p>
          {stale && rows.length === 0 ? (
            <p className="nothing" role="status">
              <Awaited />
            </p>
          ) : (
            <TimelineTable
              label={`Promises of ${name}`}
              rows={rows}
              fault={{ title: faultTitle(fault), begun: false }}
              over={false}
            />
          )}
        </>
      )}
    </section>
  );
}
