import { feedLatency } from '../../../shared/feedLatency.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { watchPromise } from '../../../shared/watchPromise.ts';
import { exactMs, feedMs, latency, NOTHING } from '../../format.ts';
import { Fact } from '../../ui/Figure.tsx';

/** Row L4: what the link is watched by, and how soon its death is known, by the numbers in force now. */
export function Watch({ link }: { readonly link: LinkView }) {
  const { about, lag, skew } = link;
  const limit = (ms: number | null, none: string): string => (ms === null ? none : latency(ms));
  const promise = watchPromise(about);
  const after = promise.by === 'pings' ? 'its last pong' : 'its last byte';
  return (
    <section className="panel" aria-label="Watch">
      <h2>
        Watch{' '}
        <span className="dim">
          by {promise.by}, counted from {after}
        </span>
      </h2>
      <dl className="facts two">
        <Fact label="Silence limit S" title="3 × the longest usual gap between its messages, at least 1 s">
          {limit(about.silenceLimitMs, 'learning')}
        </Fact>
        <Fact label="Pong late after T" title="4 × p99 RTT, at least 1 s, at most the pong timeout">
          {limit(about.pongLimitMs, 'n/a')}
        </Fact>
        {promise.by === 'second connection' ? (
          <Fact
            label="Compared after"
            title="It answers no ping: after S a second connection shows whether the venue is there; the link is suspect only if none may be dialled, or that one fails"
          >
            {limit(promise.comparedMs, 'learning')}
          </Fact>
        ) : (
          <Fact
            label="Suspect within"
            title="S after its last byte, or a ping interval and T after its last pong, whichever is sooner"
          >
            {latency(promise.suspectMs)}
          </Fact>
        )}
        <Fact
          label="Dead within"
          title="So many probes as missed_pongs says, 0.5 s apart or as half of the venue’s budget lets them go, each unanswered for T; time that this machine stood still, and a wait for a place that other messages took, are added"
        >
          {promise.by === 'second connection' ? 'n/a' : latency(promise.deadMs)}
        </Fact>
        <Fact label="Restored in" title="From the dial to the first data after all acks">
          {about.restoredMs === null ? NOTHING : `${exactMs(about.restoredMs)} ms`}
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
    </section>
  );
}

/** Without the venue's clock the figure holds both clocks' error, and that must be said beside it. */
function feedText(feed: ReturnType<typeof feedLatency>): string {
  const { errorMs } = feed;
  const error = errorMs === null ? 'error unknown: venue’s clock not measured' : `± ${errorMs.toFixed(1)} ms`;
  return `${feedMs(feed)} ms, ${error}`;
}
