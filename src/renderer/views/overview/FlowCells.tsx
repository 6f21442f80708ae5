import { feedLatency } from '../../../shared/feedLatency.ts';
import { isOpen } from '../../../shared/health.ts';
import { reconnectsOf } from '../../../shared/linkCounts.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { count, duration, feedMs, fixedMs, NOTHING, percent, plural, rate } from '../../format.ts';
import { isPaused } from '../../standing.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { cell } from './cell.ts';

/** The page hears of a link's data once a second: a finer age would only be of the page. */
const TOLD_EVERY_MS = 1000;
const FRESH_MS = 2 * TOLD_EVERY_MS;

export const AgeCell = cell(['clocks', 'about', 'state'], ({ link }) => {
  const { dataAt } = link.clocks;
  const { expectsData, dataNoticeMs } = link.about;
  const isOld = (now: MonoMs): boolean => expectsData && dataAt !== null && now - dataAt > dataNoticeMs + TOLD_EVERY_MS;
  const old = useAtNow(isOld, false, false);
  const never = expectsData && isOpen(link.state) ? 'none' : NOTHING;
  const ageAt = (now: MonoMs): string => {
    if (dataAt === null) return never;
    return now - dataAt < FRESH_MS ? '<2 s' : duration(now - dataAt);
  };
  const age = useAtNow(ageAt, never, dataAt === null ? never : NOTHING);
  return (
    <td className={old ? 'num old' : 'num'} title={expectsData ? undefined : 'This link is not expected to carry data'}>
      {age}
    </td>
  );
});

export const RateCell = cell(['counters', 'state'], ({ link }) => (
  <td className="num">{isPaused(link) ? NOTHING : rate(link.counters.messagesPerSec)}</td>
));

export const UpCell = cell(['uptime'], ({ link }) => (
  <td className="num">
    <Age since={link.uptime.upSince} />
  </td>
));

export const RatioCell = cell(['uptime'], ({ link }) => (
  <td className="num">{percent(link.uptime.upMs, link.uptime.observedMs) ?? NOTHING}</td>
));

export const AgainCell = cell(['counters'], ({ link }) => (
  <td className="num">{count(reconnectsOf(link.counters))}</td>
));

/** Row H7. Without the venue's clock the error is unknown, and the figure stands back. */
export const FeedCell = cell(['lag', 'skew'], ({ link: { lag, skew } }) => {
  if (lag === null) {
    return (
      <td className="num dim" title="This venue stamps no messages, or none came yet">
        {NOTHING}
      </td>
    );
  }
  const feed = feedLatency(lag, skew);
  const { errorMs } = feed;
  const title =
    errorMs === null
      ? `Error unknown: the venue’s clock is not measured; ${plural(lag.samples, 'message')}`
      : `± ${fixedMs(errorMs)} ms by the clocks; ${plural(lag.samples, 'message')}`;
  return (
    <td className={errorMs === null ? 'num few' : 'num'} title={title}>
      {feedMs(feed)}
      {errorMs === null ? '' : ` ±${errorMs.toFixed(0)}`}
    </td>
  );
});

export const BudgetCell = cell(['budget'], ({ link: { budget } }) => {
  if (budget === null) {
    return (
      <td className="num dim" title="This venue sets no limit that Warmwire knows of">
        {NOTHING}
      </td>
    );
  }
  const { used, limit } = budget;
  const share = Math.min(1, used / Math.max(1, limit));
  return (
    <td className={share >= 1 ? 'num old' : 'num'} title={`${used} of ${limit} messages used`}>
      {used}/{limit}
      <span className="bar-of" aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
    </td>
  );
});

const STANDBY_TONE = { ready: 'good', building: 'warn' } as const;

export const StandbyCell = cell(['about'], ({ link: { about }, stale }) => {
  const { standby } = about;
  if (standby === 'off') return <td className="dim">off</td>;
  return (
    <td className="state">
      <StatusMark tone={stale ? 'idle' : STANDBY_TONE[standby]} />
      <span>{standby}</span>
    </td>
  );
});

export const RotatesCell = cell(['about', 'uptime'], ({ link: { about, uptime } }) => {
  const { dueAt: rotatesAt } = about.rotation;
  const { upSince } = uptime;
  if (rotatesAt === null) {
    return (
      <td className="num dim" title="No change of sockets is planned">
        {NOTHING}
      </td>
    );
  }
  return (
    <td className="num">
      <Countdown until={rotatesAt} totalMs={upSince === null ? null : rotatesAt - upSince} />
    </td>
  );
});
