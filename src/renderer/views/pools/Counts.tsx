import type { PoolView } from '../../../shared/pool.ts';
import { count } from '../../format.ts';
import { Fact } from '../../ui/Figure.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { ageHeld, type Held, handshakesSaved, IDLE_TARGET, reuseHeld } from './poolStanding.ts';

/** Rows P3 and P4: what was counted, and the figures that have a target held against it. */
export function Counts({ pool }: { readonly pool: PoolView }) {
  const { counters } = pool;
  return (
    <section className="panel" aria-label="Requests and sockets">
      <h2>
        Requests and sockets <span className="dim">since Warmwire started</span>
      </h2>
      <dl className="facts two">
        <HeldFact label="Reuse" held={reuseHeld(pool)} title="Share of the requests that found an open socket" />
        <HeldFact label="Average age" held={ageHeld(pool)} title="Of the open sockets, since each was opened" />
        <Fact label="Requests">{count(counters.requests)}</Fact>
        <Fact label="Reused">{count(counters.reused)}</Fact>
        <Fact label="TLS handshakes">{count(counters.tlsHandshakes)}</Fact>
        <Fact label="Handshakes saved" title="Requests that found an open TLS socket">
          {handshakesSaved(pool)}
        </Fact>
        <Fact label="Connects">{count(counters.connects)}</Fact>
        <Fact label="Failed connects">{count(counters.connectFailures)}</Fact>
        <Fact label="Failures" title="Requests that got no answer">
          {count(counters.failures)}
        </Fact>
        <Fact label="Retries" title="Sent again because their socket had been closed under them">
          {count(counters.retries)}
        </Fact>
        <Fact label="Closed by peer" title="Sockets that the venue closed">
          {count(counters.closedByPeer)}
        </Fact>
        <Fact label="Flushes" title="All sockets closed at once: after sleep, a change of address, or by Destroy">
          {count(counters.flushes)}
        </Fact>
        <Fact label="Idle" title={`Target ${IDLE_TARGET.from} to ${IDLE_TARGET.to} in all pools`}>
          {count(pool.idle)}
        </Fact>
        <Fact label="Active of max">
          {count(pool.active)} of {count(pool.maxConnections)}
        </Fact>
      </dl>
    </section>
  );
}

function HeldFact({ label, held, title }: { readonly label: string; readonly held: Held; readonly title: string }) {
  return (
    <Fact wide label={label} title={title}>
      <NowMark tone={held.tone} /> {held.value} <span className="dim">{held.verdict}</span>
    </Fact>
  );
}
