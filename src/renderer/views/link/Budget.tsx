import type { LinkView } from '../../../shared/linkView.ts';
import type { BudgetView } from '../../../shared/subscriptionView.ts';
import { count, duration, latency } from '../../format.ts';

/** What the venue lets this connection send, and how much of it is used now. */
export function Budget({ link }: { readonly link: LinkView }) {
  return (
    <section className="panel" aria-label="Message budget">
      <h2>Budget</h2>
      <Meter label="Messages" title="All that we send, and our pings where the venue counts them" view={link.budget} />
      <Meter
        label="Subscribes"
        title="The venue’s own limit on subscribing and unsubscribing"
        view={link.subscribeBudget}
      />
    </section>
  );
}

interface MeterProps {
  readonly label: string;
  readonly title: string;
  readonly view: BudgetView | null;
}

function Meter({ label, title, view }: MeterProps) {
  if (view === null) {
    return (
      <div className="meter-line" title={title}>
        <span className="dim">{label}</span>
        <span className="meter-none">no known limit</span>
      </div>
    );
  }
  const { used, limit, windowMs, shared } = view;
  return (
    <div className="meter-line" title={title}>
      <span className="dim">{label}</span>
      <meter aria-label={`${label} used`} min={0} max={limit} high={limit - 1} value={used} />
      <span className="num meter-text">
        {count(used)} of {count(limit)} in {windowMs < 60_000 ? latency(windowMs) : duration(windowMs)}
        {shared && <span title="This venue counts by address: all links to it share the limit"> by all links</span>}
      </span>
    </div>
  );
}
