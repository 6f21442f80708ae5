import type { LinkView } from '../../../shared/linkView.ts';
import { ENOUGH_SAMPLES, RTT_WINDOWS } from '../../../shared/rttView.ts';
import { count, exactMs } from '../../format.ts';
import { isPaused } from '../../standing.ts';
import { PercentileTable } from '../../ui/PercentileTable.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { WINDOW_TEXT } from './windows.ts';

const ROWS = [
  ['min', 'minMs'],
  ['avg', 'avgMs'],
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['p99.9', 'p999Ms'],
  ['max', 'maxMs'],
] as const;

/** Row H1: the same figures over four windows, and how many samples stand behind them. */
export function WindowsTable({ link }: { readonly link: LinkView }) {
  const paused = isPaused(link);
  // Of a paused link only what is said to be of the whole time is still true.
  const columns = RTT_WINDOWS.map((window) => {
    const off = paused && window !== 'start';
    return { key: window, head: WINDOW_TEXT[window], figures: off ? null : link.rtt.windows[window], off };
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          Round trips <span className="dim">ms</span>
        </h2>
        <span className="dim">
          last {link.about.ping === 'none' ? 'n/a' : exactMs(paused ? null : link.rtt.lastMs)}
        </span>
      </div>
      {link.about.ping === 'none' ? (
        <p className="nothing">n/a – this venue answers no pings, so there is no round trip to measure.</p>
      ) : (
        <WideBox label="Round trips by window">
          <PercentileTable label="Round trips by window" corner="Window" columns={columns} rows={ROWS} text={exactMs} />
        </WideBox>
      )}
      <p className="foot">
        {paused && 'Paused: nothing is measured. '}
        Windows go on across reconnects; since start = since Warmwire started. Samples taken across a stall of this
        machine are kept out: {count(link.rtt.stalledSamples)}. Grey: under {ENOUGH_SAMPLES} samples. Charts and
        distribution count up to moments of their own, so a few samples may be in one and not yet in another.
      </p>
    </section>
  );
}
