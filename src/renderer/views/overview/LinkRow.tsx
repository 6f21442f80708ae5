import { memo } from 'react';
import { stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/snapshot.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { seriesColor } from '../../charts/seriesColor.ts';
import { count, fixedMs, NOTHING, percent, rate } from '../../format.ts';
import { linkHash } from '../../route.ts';
import { isPaused, stateDetail, toneOf, waitsUntil, whyText } from '../../standing.ts';
import { useAtNow, useLink, useStale } from '../../store/hooks.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { ENOUGH_SAMPLES } from './columns.ts';
import { GateCell } from './GateCell.tsx';
import { RowActions } from './RowActions.tsx';

interface Props {
  readonly name: string;
  readonly index: number;
  readonly current: boolean;
}

export const LinkRow = memo(function LinkRow({ name, index, current }: Props) {
  const link = useLink(name);
  if (link === null) return null;
  const paused = isPaused(link);
  return (
    <tr
      data-link={name}
      data-home={current ? '' : undefined}
      aria-label={name}
      tabIndex={current ? 0 : -1}
      className={paused ? 'paused' : undefined}
    >
      <td>
        <div className="name">
          <span className="swatch" style={{ background: seriesColor(index) }} />
          <a href={linkHash(name)} tabIndex={-1} title={`${name}\n${link.about.url}`}>
            <bdi>{name}</bdi>
          </a>
          {link.about.demo && <span className="badge">DEMO</span>}
          {!link.about.demo && <span className="venue">{link.about.venue}</span>}
        </div>
      </td>
      <StateCell link={link} />
      <GateCell gate={link.gate} />
      <td className="why" title={whyText(link)}>
        <span className={`word word-${toneOf(link)}`}>{link.health.level === 'none' ? '' : link.health.level}</span>{' '}
        {whyText(link)}
      </td>
      <RttCells link={link} />
      <td>
        <Sparkline name={name} color={seriesColor(index)} />
      </td>
      <DataAge link={link} />
      <td className="num">{paused ? NOTHING : rate(link.counters.messagesPerSec)}</td>
      <td className="num">
        <Age since={link.uptime.upSince} />
      </td>
      <td className="num">{percent(link.uptime.upMs, link.uptime.observedMs) ?? NOTHING}</td>
      <td className="num">{count(Math.max(0, link.counters.connects - 1))}</td>
      <td className="act">
        <RowActions name={name} paused={paused} reachable={current} />
      </td>
    </tr>
  );
});

function StateCell({ link }: { readonly link: LinkView }) {
  const stale = useStale();
  const until = waitsUntil(link);
  return (
    <td className="state">
      <StatusMark tone={stale ? 'idle' : toneOf(link)} />
      <span>{stateWord(link.state)}</span>{' '}
      {until === null ? (
        <span className="dim">{stateDetail(link)}</span>
      ) : (
        <Countdown until={until} totalMs={link.state.kind === 'waiting' ? link.state.delayMs : null} />
      )}
    </td>
  );
}

/** A paused link measures nothing; figures of a link that is down are of before, and stand back. */
function roundTrips(link: LinkView) {
  if (isPaused(link)) return { lastMs: null, minute: null, note: 'Paused: nothing is measured' };
  const minute = link.rtt.windows['1m'];
  const open = link.uptime.upSince !== null;
  return { lastMs: link.rtt.lastMs, minute, note: open ? null : 'Measured before the socket was lost' };
}

function RttCells({ link }: { readonly link: LinkView }) {
  if (link.about.ping === 'none') {
    const cell = (
      <td className="num dim" title="This venue answers no pings, so there is no round trip to measure">
        n/a
      </td>
    );
    return (
      <>
        {cell}
        {cell}
        {cell}
        {cell}
        {cell}
      </>
    );
  }
  const { lastMs, minute, note } = roundTrips(link);
  const few = minute === null || minute.count < ENOUGH_SAMPLES;
  const shade = few || note !== null ? 'num few' : 'num';
  const title = note ?? (few && minute !== null ? `only ${minute.count} samples in the last minute` : undefined);
  return (
    <>
      <td className={note === null ? 'num' : 'num few'} title={title}>
        {fixedMs(lastMs)}
      </td>
      <td className={shade} title={title}>
        {fixedMs(minute?.p50Ms)}
      </td>
      <td className={shade} title={title}>
        {fixedMs(minute?.p95Ms)}
      </td>
      <td className={shade} title={title}>
        {fixedMs(minute?.p99Ms)}
      </td>
      <td className="num n" title={title}>
        {isPaused(link) ? NOTHING : (minute?.count ?? 0)}
      </td>
    </>
  );
}

function DataAge({ link }: { readonly link: LinkView }) {
  const { dataAt } = link.clocks;
  const { expectsData, dataNoticeMs } = link.about;
  const old = useAtNow((now) => expectsData && dataAt !== null && now - dataAt > dataNoticeMs, false);
  return (
    <td className={old ? 'num old' : 'num'} title={expectsData ? undefined : 'This link is not expected to carry data'}>
      <Age since={dataAt} never={expectsData && link.uptime.upSince !== null ? 'none' : NOTHING} />
    </td>
  );
}
