import { type FocusEvent, type ReactNode, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Notice } from '../../shared/notice.ts';
import { useRoute } from '../route.ts';
import { useCommands } from '../store/commands.ts';
import { selectNotices, selectProblems } from '../store/engine.ts';
import { useEngine, useEngineState } from '../store/hooks.ts';
import { Where } from '../views/notices/NoticeEntry.tsx';
import { focusHome } from './focus.ts';
import { StatusMark } from './StatusMark.tsx';

const MOST_POPPED = 3;
const NONE: readonly never[] = [];

/**
 * What pops up in the corner: problems that commands answered (what, where, what to do) until they are dismissed, and bad
 * notices until they are dismissed, acknowledged or over. Nothing here takes the focus.
 */
export function Notices() {
  const engine = useEngine();
  const problems = useEngineState(selectProblems);
  const held = useEngineState(selectNotices);
  const list = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);
  // The page of notices has them all before one's eyes.
  const listed = useRoute().view === 'notices';
  const popped = listed ? NONE : (held?.popped ?? NONE);
  const shown = popped.slice(-MOST_POPPED).flatMap((id) => held?.notices.find((notice) => notice.id === id) ?? []);
  const more = popped.length - shown.length;

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
          title={problem.message}
          onDismiss={(from) => dismiss(() => engine.dismiss(id), from)}
        >
          <span className="dim">{problem.where}</span> – {problem.hint}
        </Toast>
      ))}
      {shown.map((notice) => (
        <Toast
          key={`${notice.id} ${notice.toldWall}`}
          title={notice.text}
          onDismiss={(from) => dismiss(() => engine.popDown(notice.id), from)}
        >
          <Answers notice={notice} />
        </Toast>
      ))}
      {more > 0 && (
        <p className="notice-more">
          and {more} more: <a href="#/notices">all notices</a>
        </p>
      )}
    </section>
  );
}

function Answers({ notice }: { readonly notice: Notice }) {
  const commands = useCommands();
  return (
    <>
      <Where notice={notice} /> ·{' '}
      <button type="button" className="in-text" onClick={() => commands.acknowledgeNotice(notice.id)}>
        Acknowledge
      </button>
    </>
  );
}

function Toast(props: {
  readonly title: string;
  readonly children: ReactNode;
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
        aria-label={`Dismiss: ${props.title}`}
        onClick={(event) => props.onDismiss(event.currentTarget)}
      >
        ✕
      </button>
    </div>
  );
}
