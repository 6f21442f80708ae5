import { memo, useMemo } from 'react';
import { eventText, type LinkEvent } from '../../../shared/events.ts';
import { plural, timeOfDay } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { selectEvents } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

const MOST_SHOWN = 500;

/** What happened to this link, newest first. */
export function EventLog({ name }: { readonly name: string }) {
  const events = useEngineState(selectEvents);
  const all = useMemo(() => events.filter((event) => event.link === name), [events, name]);
  const mine = useMemo(() => all.slice(-MOST_SHOWN).reverse(), [all]);
  const more = all.length - mine.length;
  return (
    <section className="panel log-panel">
      <h2>
        Events <span className="dim">newest first, local time, # of the socket</span>
      </h2>
      {mine.length === 0 ? (
        <p className="nothing">Nothing has happened yet.</p>
      ) : (
        // The head of the page says what becomes of the link: this would say it once more, step by step.
        <ScrollBox className="scroll-box log" role="log" aria-live="off" aria-label="Events">
          {mine.map((event) => (
            <Entry key={event.seq} event={event} />
          ))}
          {more > 0 && <p className="dim">and {plural(more, 'earlier event')} not shown</p>}
        </ScrollBox>
      )}
    </section>
  );
}

const Entry = memo(function Entry({ event }: { readonly event: LinkEvent }) {
  const { skipped = 0 } = event;
  return (
    <>
      <p className="entry">
        <time dateTime={new Date(event.wall).toISOString()} title={new Date(event.wall).toString()}>
          {timeOfDay(event.wall, true)}
        </time>
        <span className="generation" title={`socket ${event.generation}`}>
          #{event.generation}
        </span>
        <StatusMark tone={toneOfEvent(event)} />
        <span>{eventText(event.happening)}</span>
      </p>
      {skipped > 0 && <p className="dim">{plural(skipped, 'earlier event')} no longer kept</p>}
    </>
  );
});

function toneOfEvent({ happening }: LinkEvent): Tone {
  switch (happening.kind) {
    case 'socket-ended':
      return happening.reason.kind === 'asked' ? 'idle' : 'bad';
    case 'still-failed':
    case 'alarm':
    case 'gap':
      return 'bad';
    case 'degradation':
      return happening.turn === 'slower' ? 'warn' : 'good';
    case 'still-bad':
      return happening.what === null ? 'good' : 'warn';
    case 'handover':
      return (happening.missed ?? 0) > 0 ? 'bad' : 'good';
    case 'standby':
      return happening.ready ? 'good' : 'warn';
    case 'gate':
      return happening.gate.kind === 'open' ? 'good' : 'warn';
    case 'breaker':
      return happening.open ? 'warn' : 'good';
    case 'verdict':
    case 'promoted':
    case 'notice':
    case 'declined':
      return 'warn';
    case 'reliability':
      return happening.turn === 'low' ? 'bad' : 'good';
    case 'pong-missed':
    case 'pong-late':
    case 'foreign-pong':
    case 'quiet':
    case 'replacement-failed':
      return 'warn';
    case 'opened':
    case 'replaced':
    case 'restored':
      return 'good';
    case 'health':
      return happening.to === 'healthy' ? 'good' : happening.to === 'degraded' ? 'warn' : 'bad';
    case 'subscription':
      return happening.what === 'acked' ? 'good' : 'warn';
    case 'state':
    case 'settings':
      return 'idle';
  }
}
