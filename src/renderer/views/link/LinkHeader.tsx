import { stateText, stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/snapshot.ts';
import { isPaused, toneOf, waitsUntil, whyText } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { useStale } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

export function LinkHeader({ link }: { readonly link: LinkView }) {
  const { name, about, state, health } = link;
  const stale = useStale();
  const tone = toneOf(link);
  const until = waitsUntil(link);
  const why = whyText(link);
  return (
    <header className="link-header">
      <div className="link-title">
        <a href="#/" aria-label="Back to all links" title="Back to all links (Esc)">
          ←
        </a>
        <h1 title={name}>
          <bdi>{name}</bdi>
        </h1>
        {about.demo && <span className="badge">DEMO</span>}
        <span className="dim ellipsis" title={about.url}>
          {about.venue} · <bdi>{about.url}</bdi>
          {about.address === null ? '' : ` · ${about.address}`} · socket no. {about.generation}
        </span>
      </div>
      <div className="link-state" role="status">
        <StatusMark tone={stale ? 'idle' : tone} />
        <strong>{stateWord(state)}</strong>
        {health.level !== 'none' && <span className={`word word-${tone}`}>{health.level}</span>}
        {until !== null && <Countdown until={until} totalMs={state.kind === 'waiting' ? state.delayMs : null} />}
        <span className="link-why">{why === '' ? stateText(state) : why}</span>
      </div>
      <Actions link={link} />
    </header>
  );
}

function Actions({ link }: { readonly link: LinkView }) {
  const commands = useCommands();
  const { name, state } = link;
  const paused = isPaused(link);
  return (
    <div className="link-actions">
      {state.kind === 'failed' && !state.acknowledged && (
        <button
          type="button"
          className="button"
          onClick={() => commands.acknowledge(name)}
          title="No more hourly notices"
        >
          Silence notices
        </button>
      )}
      <button
        type="button"
        className="button primary"
        disabled={paused}
        aria-label={`Reconnect ${name}`}
        title="The new socket is up and subscribed before the old one closes (r)"
        onClick={() => commands.reconnect(name, 'graceful')}
      >
        Reconnect
      </button>
      <button
        type="button"
        className="button"
        disabled={paused}
        aria-label={`Reconnect hard ${name}`}
        title="The socket is cut at once, then dialled again (Shift+R)"
        onClick={() => commands.reconnect(name, 'hard')}
      >
        Reconnect hard
      </button>
      <button
        type="button"
        className="button"
        disabled={state.kind !== 'up'}
        aria-label={`Rotate ${name}`}
        title="A planned change of sockets: both stay open for the overlap, and the event log shows what it proved"
        onClick={() => commands.rotate(name)}
      >
        Rotate
      </button>
      <button
        type="button"
        className="button"
        disabled={paused}
        aria-label={`${state.kind === 'blocked' ? 'Close' : 'Open'} breaker of ${name}`}
        title={
          state.kind === 'blocked'
            ? 'Dial again now'
            : 'Take the link out of use: nothing is dialled until you close it'
        }
        onClick={() => commands.setBreaker(name, state.kind !== 'blocked')}
      >
        {state.kind === 'blocked' ? 'Close breaker' : 'Open breaker'}
      </button>
      <button
        type="button"
        className="button"
        aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`}
        title={paused ? 'Dial again (p)' : 'Close and stay closed (p)'}
        onClick={() => commands.setPaused(name, !paused)}
      >
        {paused ? 'Resume' : 'Pause'}
      </button>
    </div>
  );
}
