import { memo, useEffect } from 'react';
import { timeOfDay } from '../format.ts';
import { useStale } from '../store/hooks.ts';
import { useTicked } from '../store/ticker.ts';
import { letterKey } from '../ui/letterKey.ts';
import { isTyping } from '../ui/Shortcuts.tsx';
import { usePausedMs, useTimeScope } from './timeScope.ts';

/** Holds the time axis of a page's charts, and says how far it is behind. `Shift p` and Space do the same. */
export const PauseBar = memo(function PauseBar() {
  const scope = useTimeScope();
  const pausedMs = usePausedMs();
  const stale = useStale();
  const behind = useTicked(() => (scope.pausedMs === null ? '' : minutes((scope.liveMs ?? 0) - scope.pausedMs)));
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.repeat) return;
      const onNothing = event.target === document.body || event.target === document.querySelector('main');
      if (letterKey(event) !== 'Shift p' && !(event.key === ' ' && onNothing)) return;
      event.preventDefault();
      scope.toggle();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [scope]);
  return (
    <div className={pausedMs === null ? 'pause-bar' : 'pause-bar paused'}>
      <button
        type="button"
        className="button small"
        title={pausedMs === null ? 'Pause the charts (Shift+P)' : 'Back to now (Shift+P)'}
        onClick={() => scope.toggle()}
      >
        {pausedMs === null ? 'Pause charts' : 'Live'}
      </button>
      <span data-testid="chart-clock">
        {pausedMs !== null
          ? `paused at ${timeOfDay(pausedMs)}, ${behind} behind`
          : stale
            ? endedText(scope.liveMs)
            : 'live'}
      </span>
    </div>
  );
});

/** Of an engine that is not heard. */
const endedText = (liveMs: number | null): string => (liveMs === null ? 'nothing comes' : `until ${timeOfDay(liveMs)}`);

/** `0:32`, `61:05`. */
function minutes(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
