import type { ProbationView } from '../../../shared/settingsView.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Bar } from '../../ui/Bar.tsx';

interface Props {
  readonly view: ProbationView;
  /** Ends the watch, or what is said of it. */
  readonly onKeep: () => void;
  /** Why it cannot be loaded now, `null` when it can. */
  readonly blocked: string | null;
  /** Brings an edit that was put back into the editor again. */
  readonly onLoad: (text: string) => void;
}

/** Says that the last edit is being watched, and what came of it. Its seconds are not read out one by one. */
export function ProbationBar({ view, blocked, onKeep, onLoad }: Props) {
  switch (view.kind) {
    case 'none':
      return null;
    case 'watching':
      return (
        <Bar tone={view.worse.length === 0 ? 'good' : 'warn'} data-testid="probation">
          <span>
            Watching for {view.leftSecs} s: {asBefore(view)}
          </span>
          <button type="button" title="The edit stays, whatever its links do" onClick={onKeep}>
            Stop watching
          </button>
        </Bar>
      );
    case 'kept':
      return (
        <Bar tone="good" mark={view.worse.length === 0 ? 'good' : 'warn'} role="status" data-testid="probation">
          <span>The edit stays: {asBefore(view)}</span>
          <Dismiss onClick={onKeep} />
        </Bar>
      );
    case 'put-back':
      return (
        <Bar tone="bad" role="alert" data-testid="probation">
          <span>
            Your edit was taken back: {view.worse.join('. ')}. It is kept here: load it to apply it again, without “Put
            back if worse” if it is to stay.
          </span>
          <ActionButton blocked={blocked} onClick={() => onLoad(view.text)}>
            Load the edit again
          </ActionButton>
          <Dismiss onClick={onKeep} />
        </Bar>
      );
    case 'not-judged':
      return (
        <Bar tone="warn" role="status" data-testid="probation">
          <span>The edit was not judged: {view.why}.</span>
          <Dismiss onClick={onKeep} />
        </Bar>
      );
  }
}

/** How many links are as good as before, and what is wrong with the others. */
function asBefore({ links, worse }: { readonly links: number; readonly worse: readonly string[] }): string {
  const text = `${links - worse.length} of ${links} as good as before`;
  return worse.length === 0 ? text : `${text}; ${worse.join('. ')}`;
}

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      Dismiss
    </button>
  );
}
