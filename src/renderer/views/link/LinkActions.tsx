import { isHeldOpen, type LinkState, stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { gateCostMs, gateCostText } from '../../gateCost.ts';
import { dialBlocked, isPaused } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { selectApp } from '../../store/engine.ts';
import { useEngineState } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { useCuts } from '../../ui/cuts.tsx';
import { isLive } from '../../ui/linkQuestions.ts';

/** Why it cannot be rotated now, `null` if it can. */
export function rotateBlocked(state: LinkState): string | null {
  return state.kind === 'up' ? null : `Only a link that is up can be rotated; this one is ${stateWord(state)} now`;
}

/** What a person can do to a link. Blocked buttons stay where they are and say why; the one that cuts stands apart. */
export function LinkActions({ link }: { readonly link: LinkView }) {
  const commands = useCommands();
  const cuts = useCuts();
  const offline = useOffline();
  const { name, state } = link;
  const paused = isPaused(link);
  const reopenMs = useEngineState((engine) => selectApp(engine)?.gateReopenMs ?? null);
  const costMs = reopenMs === null ? null : gateCostMs(link.about, reopenMs);
  const costs = costMs === null ? '' : `; ${gateCostText(costMs)}`;
  return (
    <div className="link-actions">
      {state.kind === 'failed' && !state.acknowledged && (
        <ActionButton
          className="button"
          blocked={offline}
          onClick={() => commands.acknowledge(name)}
          title="No more hourly notices"
        >
          Silence notices
        </ActionButton>
      )}
      <ActionButton
        className="button"
        blocked={offline ?? dialBlocked(link)}
        aria-label={`Reconnect ${name}`}
        title={`The new socket is up and subscribed before the old one closes${costs} (r)`}
        onClick={() => commands.reconnect(name, 'graceful')}
      >
        Reconnect
      </ActionButton>
      <ActionButton
        className="button"
        blocked={offline ?? dialBlocked(link)}
        aria-label={`Reconnect hard ${name}`}
        title="The socket is cut at once, then dialled again (Shift+R)"
        onClick={() => cuts.reconnectHard(name)}
      >
        Reconnect hard
      </ActionButton>
      <ActionButton
        className="button"
        blocked={offline ?? rotateBlocked(state)}
        aria-label={`Rotate ${name}`}
        title="A planned change of sockets: both stay open for the overlap, and the event log shows what it proved; the trading gate is closed as for Reconnect"
        onClick={() => commands.rotate(name)}
      >
        Rotate
      </ActionButton>
      <ActionButton
        className="button fixed"
        blocked={offline}
        aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`}
        title={paused ? 'Dial again (p)' : 'Close and stay closed (p)'}
        onClick={() => (paused ? commands.setPaused(name, false) : cuts.pause(name))}
      >
        {paused ? 'Resume' : 'Pause'}
      </ActionButton>
      <BreakerButton link={link} />
    </div>
  );
}

/** Opening cuts a live link, so it asks first; closing only dials, and while it is paused not even that. */
function BreakerButton({ link }: { readonly link: LinkView }) {
  const commands = useCommands();
  const cuts = useCuts();
  const offline = useOffline();
  const { name, state } = link;
  const paused = isPaused(link);
  const isOpen = state.kind === 'blocked' || isHeldOpen(state);
  const closes = paused ? 'You hold it no more; Resume dials the link again' : 'Dial again now';
  return (
    <ActionButton
      className={isOpen ? 'button breaker' : 'button breaker danger'}
      blocked={offline ?? (paused && !isOpen ? 'Paused: nothing is dialled anyway' : null)}
      aria-label={`${isOpen ? 'Close' : 'Open'} breaker of ${name}`}
      aria-haspopup={isLive(link) ? 'dialog' : undefined}
      title={isOpen ? closes : 'Take the link out of use: nothing is dialled until you close it'}
      onClick={() => (isOpen ? commands.setBreaker(name, false) : cuts.openBreaker(name))}
    >
      {isOpen ? 'Close breaker' : 'Open breaker'}
    </ActionButton>
  );
}
