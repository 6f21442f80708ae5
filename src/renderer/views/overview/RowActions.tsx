import { memo } from 'react';
import { useCommands } from '../../store/commands.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { useCuts } from '../../ui/cuts.tsx';
import { PauseIcon, ReconnectIcon, ResumeIcon } from '../../ui/icons.tsx';

interface Props {
  readonly name: string;
  readonly paused: boolean;
  /** Why it cannot be dialled now. */
  readonly blocked: string | null;
  /** Buttons of the current row are in the tab order; those of other rows are reached with the arrow keys first. */
  readonly reachable: boolean;
}

export const RowActions = memo(function RowActions({ name, paused, blocked, reachable }: Props) {
  const commands = useCommands();
  const cuts = useCuts();
  const offline = useOffline();
  const tabIndex = reachable ? 0 : -1;
  return (
    <>
      <ActionButton
        className="row-button"
        tabIndex={tabIndex}
        blocked={offline ?? blocked}
        aria-label={`Reconnect ${name}`}
        title="Reconnect: the new socket first, then the old one closes; the gate is closed while its first pings are measured (r). Shift+click: cut at once (Shift+R)"
        onClick={(event) => (event.shiftKey ? cuts.reconnectHard(name) : commands.reconnect(name, 'graceful'))}
      >
        <ReconnectIcon />
        <span>Reconnect</span>
      </ActionButton>
      <ActionButton
        className="row-button"
        tabIndex={tabIndex}
        blocked={offline}
        aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`}
        title={paused ? 'Resume: dial again (p)' : 'Pause: close and stay closed (p)'}
        onClick={() => (paused ? commands.setPaused(name, false) : cuts.pause(name))}
      >
        {paused ? <ResumeIcon /> : <PauseIcon />}
        <span>{paused ? 'Resume' : 'Pause'}</span>
      </ActionButton>
    </>
  );
});
