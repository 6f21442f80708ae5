import { useEffect, useState } from 'react';
import type { ProbationView } from '../../../shared/settingsView.ts';
import { useClient } from '../../store/hooks.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

const NOTHING: ProbationView = { kind: 'none' };

/** What becomes of the edit that was applied last. */
export function useProbation(): ProbationView {
  const client = useClient();
  const [view, setView] = useState(NOTHING);
  useEffect(() => client.probation(null, setView), [client]);
  return view;
}

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
    case 'watching': {
      const { leftSecs, links, worse } = view;
      return (
        <div className={worse.length === 0 ? 'bar' : 'bar bar-warn'} data-testid="probation">
          <StatusMark tone={worse.length === 0 ? 'good' : 'warn'} />
          <span>
            Watching for {leftSecs} s: {links - worse.length} of {links} as good as before
            {worse.length > 0 && <>; {worse.join('. ')}</>}
          </span>
          <button type="button" title="The edit stays, whatever its links do" onClick={onKeep}>
            Keep
          </button>
        </div>
      );
    }
    case 'kept':
      return (
        <div className="bar" role="status" data-testid="probation">
          <StatusMark tone={view.worse.length === 0 ? 'good' : 'warn'} />
          <span>
            The edit stays: {view.links - view.worse.length} of {view.links} as good as before
            {view.worse.length > 0 && <>; {view.worse.join('. ')}</>}
          </span>
          <Dismiss onClick={onKeep} />
        </div>
      );
    case 'put-back':
      return (
        <div className="bar bar-bad" role="alert" data-testid="probation">
          <StatusMark tone="bad" />
          <span>
            Your edit was taken back: {view.worse.join('. ')}. It is kept here: load it to apply it again, without “Put
            back if worse” if it is to stay.
          </span>
          <ActionButton blocked={blocked} onClick={() => onLoad(view.text)}>
            Load the edit again
          </ActionButton>
          <Dismiss onClick={onKeep} />
        </div>
      );
    case 'not-judged':
      return (
        <div className="bar bar-warn" role="status" data-testid="probation">
          <StatusMark tone="warn" />
          <span>The edit was not judged: {view.why}.</span>
          <Dismiss onClick={onKeep} />
        </div>
      );
  }
}

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      Dismiss
    </button>
  );
}
