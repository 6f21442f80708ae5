import { type FocusEvent, type ReactNode, useRef } from 'react';
import { flushSync } from 'react-dom';
import { useRoute } from '../route.ts';
import { useCommands } from '../store/commands.ts';
import { selectNotices, selectProblems } from '../store/engine.ts';
import { useEngine, useEngineState } from '../store/hooks.ts';
import { useOfflineForgotten } from '../store/offline.ts';
import { textAfterName } from '../views/notices/look.ts';
import { Where } from '../views/notices/NoticeEntry.tsx';
import { focusHome } from './focus.ts';
import { StatusMark } from './StatusMark.tsx';

const NONE: readonly never[] = [];

/** A name that is longer would leave no line for what is wrong. */
const NAME_PX = 200;

/**
 * What pops up in the corner: problems that commands answered (what, where, what to do) until they are dismissed, and bad
 * notices until they are dismissed, acknowledged or over: the newest says what, the others are counted by it, since behind
 * them is the chart in which one looks for what is wrong. Nothing here takes the focus.
 */
export function Notices() {
  const engine = useEngine();
  const problems = useEngineState(selectProblems);
  const held = useEngineState(selectNotices);
  useOfflineForgotten();
  const list = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);
  // The page of notices has them all before one's eyes.
  const listed = useRoute().view === 'notices';
  const popped = listed ? NONE : (held?.popped ?? NONE);
  const newest = held?.notices.find(({ id }) => id === popped.at(-1));
  const more = popped.length - 1;

  /** The focus goes on to the next one, after the last one back to where it came from. */
  function dismiss(away: () => void, from: HTMLElement): void {
    const index = [...dismissers()].indexOf(from);
    flushSync(away);
    const left = dismissers();
    const next = left[Math.min(index, left.length - 1)] ?? cameFrom.current;
    if (next instanceof HTMLElement && next.isConnected) next.focus();
    else focusHome();
  }

  const dismissers = (): readonly HTMLElement[] => [
    ...(list.current?.querySelectorAll<HTMLElement>('[data-dismiss]') ?? []),
  ];

  return (
    <section
      ref={list}
      className="notices"
      aria-live="polite"
      aria-label="Problems"
      onFocus={(event: FocusEvent) => {
        const from = event.relatedTarget;
        if (from !== null && !event.currentTarget.contains(from)) cameFrom.current = from;
      }}
    >
      {problems.map(({ id, problem }) => (
        <Toast
          key={`problem ${id}`}
          said={problem.message}
          title={problem.message}
          onDismiss={(from) => dismiss(() => engine.dismiss(id), from)}
        >
          <span className="dim">{problem.where}</span> – {problem.hint}
        </Toast>
      ))}
      {newest !== undefined && (
        <Toast
          said={newest.text}
          title={
            <>
              <Where notice={newest} px={NAME_PX} />
              {textAfterName(newest)}
            </>
          }
          others={more}
          onDismiss={(from) => dismiss(() => popped.forEach(engine.popDown), from)}
        >
          {/* One that took its place under the pointer would be acknowledged unread. */}
          {more === 0 ? (
            <Acknowledge id={newest.id} />
          ) : (
            <>
              and {more} more: <a href="#/notices">all notices</a>
            </>
          )}
        </Toast>
      )}
    </section>
  );
}

function Acknowledge({ id }: { readonly id: number }) {
  const commands = useCommands();
  return (
    <button type="button" className="in-text" onClick={() => commands.acknowledgeNotice(id)}>
      Acknowledge
    </button>
  );
}

function Toast({
  others = 0,
  ...props
}: {
  readonly title: ReactNode;
  /** The same as text. */
  readonly said: string;
  readonly children: ReactNode;
  /** How many more go with it. */
  readonly others?: number;
  readonly onDismiss: (from: HTMLElement) => void;
}) {
  return (
    <div className="notice">
      <StatusMark tone="bad" />
      <div>
        <strong>{props.title}</strong>
        <p>{props.children}</p>
      </div>
      <button
        type="button"
        className="quiet"
        data-dismiss
        aria-label={others === 0 ? `Dismiss: ${props.said}` : `Dismiss all ${others + 1} notices`}
        onClick={(event) => props.onDismiss(event.currentTarget)}
      >
        ✕
      </button>
    </div>
  );
}
