import { isOpen } from '../../../shared/health.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { ENOUGH_SAMPLES, type LinkRtt } from '../../../shared/rttView.ts';
import { fixedMs, NOTHING, plural } from '../../format.ts';
import { isPaused } from '../../standing.ts';
import { cell } from './cell.ts';

type Read = Pick<LinkView, 'rtt' | 'state' | 'about'>;

/** A paused link measures nothing; figures of a link that is down are of before, and stand back. */
function roundTrips(link: Read) {
  if (isPaused(link)) return { lastMs: null, minute: null, note: 'Paused: nothing is measured' };
  const minute = link.rtt.windows['1m'];
  return { lastMs: link.rtt.lastMs, minute, note: isOpen(link.state) ? null : 'Measured before the socket was lost' };
}

type Minute = LinkRtt['windows']['1m'];

/** One column of round trips. `ofMinute`: a percentile, which is grey while few samples stand behind it. */
const rttCell = (text: (lastMs: number | null, minute: Minute) => string, ofMinute: boolean) =>
  cell(['rtt', 'state', 'about'], ({ link }) => {
    if (link.about.ping === 'none') {
      return (
        <td className="num dim" title="This venue answers no pings, so there is no round trip to measure">
          n/a
        </td>
      );
    }
    const { lastMs, minute, note } = roundTrips(link);
    const few = minute === null || minute.count < ENOUGH_SAMPLES;
    const title =
      note ?? (few && minute !== null ? `only ${plural(minute.count, 'sample')} in the last minute` : undefined);
    return (
      <td className={note !== null || (few && ofMinute) ? 'num few' : 'num'} title={title}>
        {text(lastMs, minute)}
      </td>
    );
  });

export const LastCell = rttCell((lastMs) => fixedMs(lastMs), false);
export const P50Cell = rttCell((_, minute) => fixedMs(minute?.p50Ms), true);
export const P95Cell = rttCell((_, minute) => fixedMs(minute?.p95Ms), true);
export const P99Cell = rttCell((_, minute) => fixedMs(minute?.p99Ms), true);

export const SamplesCell = cell(['rtt', 'state', 'about'], ({ link }) => (
  <td className="num n">
    {isPaused(link) ? NOTHING : link.about.ping === 'none' ? 'n/a' : (link.rtt.windows['1m']?.count ?? 0)}
  </td>
));
