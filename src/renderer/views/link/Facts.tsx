import { useEffect, useState } from 'react';
import { successRatio } from '../../../shared/linkCounts.ts';
import type { LinkClocks, LinkView } from '../../../shared/linkView.ts';
import { bytes, count, duration, NOTHING, percent } from '../../format.ts';
import { useClient } from '../../store/hooks.ts';
import { openWhileSeen } from '../../store/seen.ts';
import { Age, Fact } from '../../ui/Figure.tsx';

interface Props {
  readonly link: LinkView;
}

/** Row L5: four clocks of which none feeds another, as ages that count up. */
export function Clocks({ link }: Props) {
  const { about } = link;
  const clocks = useClocks(link);
  // Clocks belong to a socket: without one they are those of the last, and there is no `never`.
  const isOver = link.uptime.upSince === null;
  const never = isOver ? NOTHING : 'never';
  const mute = about.ping === 'none' ? 'n/a' : never;
  return (
    <section className="panel">
      <h2 className="ellipsis" title={isOver ? 'As of the last socket, which has ended' : undefined}>
        Last heard {isOver && clocks.bytesAt !== null && <span className="dim">on the last socket</span>}
      </h2>
      <dl className="facts">
        <Fact label="Bytes" title="Any byte that came over the socket">
          <Age since={clocks.bytesAt} never={never} />
        </Fact>
        <Fact label="Pong" title="An answer to one of our pings">
          <Age since={clocks.pongAt} never={mute} />
        </Fact>
        <Fact label="Venue heartbeat" title="A ping or heartbeat message of the venue’s own">
          <Age since={clocks.heartbeatAt} never={never} />
        </Fact>
        <Fact label="Data" title="Market data; heartbeats, acks and pongs do not count">
          <Age since={clocks.dataAt} never={about.expectsData ? never : 'not expected'} />
        </Fact>
      </dl>
    </section>
  );
}

/** As told four times a second: a feed whose clock came once a second would look as if it had stood still meanwhile. */
function useClocks({ name, clocks }: LinkView): LinkClocks {
  const client = useClient();
  const [told, setTold] = useState<{ readonly link: string; readonly clocks: LinkClocks } | null>(null);
  useEffect(
    () => openWhileSeen(() => client.clocks({ link: name }, (next) => setTold({ link: name, clocks: next }))),
    [client, name],
  );
  return told?.link === name ? told.clocks : clocks;
}

/** Row H3, since Warmwire started. */
export function Counters({ link }: Props) {
  const { counters, uptime, about } = link;
  const pings = about.ping !== 'none';
  const success = successRatio(counters);
  const rate = success === null ? null : percent(success, 1);
  return (
    <section className="panel">
      <h2>
        Counters <span className="dim">since Warmwire started</span>
      </h2>
      <dl className="facts two">
        <Fact label="Pings">{count(counters.pings)}</Fact>
        <Fact label="Up for">
          <Age since={uptime.upSince} />
        </Fact>
        <Fact label="Pongs">{count(counters.pongs)}</Fact>
        <Fact label="Uptime" title="Time up, of the time not paused">
          {withUnit(percent(uptime.upMs, uptime.observedMs), '%')}
        </Fact>
        <Fact
          label="Missed"
          title="Pings whose pong never came in time; lost: those that were out when their socket died"
        >
          {count(counters.missed)}
          {counters.lost > 0 ? `, ${count(counters.lost)} lost` : ''}
          {counters.missedInARow > 0 ? ` (${counters.missedInARow} in a row)` : ''}
        </Fact>
        <Fact label="Connects">{count(counters.connects)}</Fact>
        <Fact label="Success rate" title="Pings answered in time, of those and the missed and lost ones">
          {pings ? withUnit(rate, '%') : 'n/a'}
        </Fact>
        <Fact label="Disconnects">{count(counters.disconnects)}</Fact>
        <Fact label="Foreign pongs" title="Pongs that answer none of our pings; not counted">
          {count(counters.foreignPongs)}
        </Fact>
        <Fact label="Failures in a row" title="Since the link was last stable">
          {count(counters.failuresInARow)}
        </Fact>
        <Fact label="Venue pings" title="Pings of the venue that were answered">
          {count(counters.venuePings)}
        </Fact>
        <Fact label="Messages" title={`${count(counters.dataMessages)} of them market data`}>
          {count(counters.messages)}
        </Fact>
        <Fact label="Bytes in">{bytes(counters.bytesIn)}</Fact>
        <Fact label="Bytes out">{bytes(counters.bytesOut)}</Fact>
        <Fact
          label="Reliability 24 h"
          title="Time up with fresh data, of the time not paused; time asleep is in neither"
        >
          {withUnit(percent(uptime.day.freshMs, uptime.day.observedMs), '%')}
        </Fact>
        <Fact label="Reliability, all" title="The same since Warmwire started">
          {withUnit(percent(uptime.freshMs, uptime.observedMs), '%')}
        </Fact>
        <Fact label="Asleep" title="This machine slept or stood still; counted in no other figure">
          {duration(uptime.sleptMs)}
        </Fact>
      </dl>
    </section>
  );
}

const withUnit = (text: string | null, unit: string): string => (text === null ? NOTHING : `${text} ${unit}`);
