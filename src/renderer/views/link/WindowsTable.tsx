import { type LinkView, RTT_WINDOWS, type RttWindow } from '../../../shared/snapshot.ts';
import { count, exactMs, NOTHING } from '../../format.ts';
import { isPaused } from '../../standing.ts';
import { WideBox } from '../../ui/WideBox.tsx';
import { ENOUGH_SAMPLES } from '../overview/columns.ts';
import { WINDOW_TEXT } from './windows.ts';

const FIGURES = [
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
  /** Of a paused link only what is said to be of the whole time is still true. */
  const figuresOf = (window: RttWindow) => (paused && window !== 'start' ? null : link.rtt.windows[window]);
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
          <table className="plain windows">
            <thead>
              <tr>
                <th scope="col">Window</th>
                {RTT_WINDOWS.map((window) => (
                  <th scope="col" className="num" key={window}>
                    {WINDOW_TEXT[window]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">samples</th>
                {RTT_WINDOWS.map((window) => (
                  <td className="num" key={window}>
                    {paused && window !== 'start' ? NOTHING : count(figuresOf(window)?.count ?? 0)}
                  </td>
                ))}
              </tr>
              {FIGURES.map(([text, key]) => (
                <tr key={key}>
                  <th scope="row">{text}</th>
                  {RTT_WINDOWS.map((window) => {
                    const figures = figuresOf(window);
                    return (
                      <td className={(figures?.count ?? 0) < ENOUGH_SAMPLES ? 'num few' : 'num'} key={window}>
                        {exactMs(figures?.[key])}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </WideBox>
      )}
      <p className="foot">
        {paused && 'Paused: nothing is measured. '}
        Windows go on across reconnects; since start = since Warmwire started. Samples taken across a stall of this
        machine are kept out: {count(link.rtt.stalledSamples)}. Grey: under {ENOUGH_SAMPLES} samples.
      </p>
    </section>
  );
}
