import { timeOfDay } from '../../format.ts';
import { useCommands } from '../../store/commands.ts';
import { useAtHostWall } from '../../store/hooks.ts';
import { type NoticesState, quietNow, standingOf } from '../../store/notices.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { MUTE_CHOICES } from './look.ts';

/** Acknowledge all, and the quiet time: what stands over every list of notices. */
export function NoticeControls({ held }: { readonly held: NoticesState }) {
  const commands = useCommands();
  const unseen = standingOf(held.notices).open.filter(({ acknowledged }) => acknowledged === null).length;
  const quiet = useQuietText(held);
  const offline = useOffline();
  return (
    <div className="notice-controls">
      <ActionButton
        className="button small"
        blocked={offline ?? (unseen === 0 ? 'No open notice waits to be acknowledged' : null)}
        onClick={commands.acknowledgeAllNotices}
      >
        Acknowledge all
      </ActionButton>
      <fieldset className="segmented" aria-label="Mute notices">
        {MUTE_CHOICES.map(({ text, secsFrom }) => (
          <ActionButton
            key={text}
            blocked={offline}
            title={`Record notices without popping them up ${text.startsWith('until') ? text : `for ${text}`}`}
            onClick={() => commands.muteNotices(secsFrom(new Date()))}
          >
            Mute {text}
          </ActionButton>
        ))}
        <ActionButton
          blocked={offline ?? (held.rules.pressedQuietUntil === null ? 'Not muted by a press' : null)}
          onClick={() => commands.muteNotices(null)}
        >
          Unmute
        </ActionButton>
      </fieldset>
      <span className="dim quiet-said" role="status">
        {quiet}
      </span>
    </div>
  );
}

/** Said only while it is so. */
export function useQuietText({ rules }: NoticesState): string {
  return useAtHostWall((now) => {
    const quiet = quietNow(rules, now);
    if (quiet === null) return '';
    return quiet.until === null ? 'muted now by mute_windows' : `muted until ${momentText(quiet.until)}`;
  });
}

/** The time of day, with the date where it is not today's. */
export function momentText(wall: number): string {
  const date = new Date(wall);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? timeOfDay(wall) : `${date.toLocaleDateString('en-CA')} ${timeOfDay(wall)}`;
}
