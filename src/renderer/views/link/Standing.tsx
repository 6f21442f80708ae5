import { feedLatency, type LinkView } from '../../../shared/snapshot.ts';
import { blameText } from '../../../shared/verdict.ts';
import { count, fixedMs, latency, NOTHING } from '../../format.ts';
import { gateLook } from '../../gateLook.ts';
import { Age, Countdown, Fact } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

interface Props {
  readonly link: LinkView;
}

/** Rows G1, H5 and H6: whether a bot may trade now, whether a trade may rely on the link, and what is known to be wrong. */
export function Standing({ link }: Props) {
  const { fit, gate, verdicts } = link;
  const said = gate.kind === 'closed' && !fit.fit && gate.reasons.join() === fit.reasons.join();
  return (
    <section className="panel">
      <h2>
        Fit for trading <span className="dim">last 100 pings of this socket</span>
      </h2>
      <Gate gate={gate} />
      <p className="verdict">
        <StatusMark tone={fit.fit ? 'good' : 'warn'} />
        <span>{fit.fit ? 'fit' : said ? 'not fit, for the same reasons' : `not fit: ${fit.reasons.join('; ')}`}</span>
      </p>
      {verdicts.map((verdict) => (
        <p className="verdict" key={verdict.cause}>
          <StatusMark tone="bad" />
          <span>
            <strong>{verdict.cause}</strong> – {verdict.certainty}, {blameText(verdict.blame)}
            <span className="dim"> {verdict.evidence.join('; ')}</span>
          </span>
        </p>
      ))}
    </section>
  );
}

/** The gate closes at once and opens late: both are said with their times. */
function Gate({ gate }: Pick<LinkView, 'gate'>) {
  const { tone, word, opensAt } = gateLook(gate);
  const reasons = gate.kind === 'closed' ? gate.reasons : [];
  return (
    <p className="verdict gate-line" data-testid="gate">
      <StatusMark tone={tone} />
      <span>
        trading gate <strong>{word}</strong>{' '}
        <span className="dim">
          for <Age since={gate.since} />
        </span>
        {opensAt === null && reasons.length > 0 && <>, because: {reasons.join('; ')}</>}
        {opensAt !== null && (
          <>
            , fit again, opens in <Countdown until={opensAt} totalMs={null} /> if it stays so
            {reasons.length > 0 && <span className="dim"> (was: {reasons.join('; ')})</span>}
          </>
        )}
      </span>
    </p>
  );
}

/** Rows L4, L9, L12, L13: what the link is watched by, what it may send, and what it keeps beside its socket. */
export function Watch({ link }: Props) {
  const { about, budget, lag, skew } = link;
  const limit = (ms: number | null, none: string): string => (ms === null ? none : latency(ms));
  const suspectMs = about.silenceLimitMs;
  return (
    <section className="panel">
      <h2>Watch</h2>
      <dl className="facts two">
        <Fact label="Suspect after silence" title="3 × the longest usual gap between its messages, at least 1 s">
          {limit(suspectMs, 'learning')}
        </Fact>
        <Fact label="Pong late after" title="4 × p99 RTT, at least 1 s, at most the pong timeout">
          {limit(about.pongLimitMs, 'n/a')}
        </Fact>
        <Fact
          label="Dead after, at most"
          title="Silence, then three probes 0.5 s apart, each unanswered for the pong limit"
        >
          {suspectMs === null || about.pongLimitMs === null ? NOTHING : latency(suspectMs + 1000 + about.pongLimitMs)}
        </Fact>
        <Fact label="Restored in" title="From the dial to the first data after all acks">
          {about.restoredMs === null ? NOTHING : `${fixedMs(about.restoredMs)} ms`}
        </Fact>
        <Fact label="Standby" title="A second socket, up and subscribed, that takes over at once (standby = true)">
          {about.standby}
        </Fact>
        <Fact
          label="Messages to venue"
          title="What the venue lets this connection send, and how much of it is used now"
        >
          {budget === null ? 'no known limit' : `${count(budget.used)} of ${count(budget.limit)}`}
        </Fact>
        <Fact label="Clocks" title="Above 50 messages a second, kinds and data clocks come from a sample">
          {about.sampled ? 'sampled' : 'every message'}
        </Fact>
        <Fact
          wide
          label="Feed latency"
          title="Arrival less the venue’s own time, median of recent frames; without a measured venue’s clock both clocks’ error is in it"
        >
          {lag === null ? 'n/a' : feedText(feedLatency(lag, skew))}
        </Fact>
      </dl>
      {about.routes.length > 1 && (
        <ul className="subscriptions">
          {about.routes.map((route) => (
            <li key={route.url}>
              <StatusMark tone={route.inUse ? 'good' : route.alive ? 'idle' : 'bad'} />
              <bdi title={route.url}>{route.url}</bdi>
              <span className="dim">
                {route.inUse ? 'in use' : route.alive ? 'measured' : 'not reachable'}, p50{' '}
                {route.p50Ms === null ? NOTHING : `${fixedMs(route.p50Ms)} ms`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Without the venue's clock the figure holds both clocks' error, and that must be said beside it. */
function feedText({ medianMs, errorMs }: ReturnType<typeof feedLatency>): string {
  const error = errorMs === null ? 'error unknown: venue’s clock not measured' : `± ${fixedMs(errorMs)} ms`;
  return `${fixedMs(medianMs)} ms, ${error}`;
}
