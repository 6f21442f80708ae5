import { type FocusEvent, useRef } from 'react';
import { flushSync } from 'react-dom';
import { selectNotices } from '../store/engine.ts';
import { useEngine, useEngineState } from '../store/hooks.ts';
import { focusHome } from './focus.ts';
import { StatusMark } from './StatusMark.tsx';

/** Problems that commands answered: what, where, what to do. They stay until they are dismissed. */
export function Notices() {
  const engine = useEngine();
  const notices = useEngineState(selectNotices);
  const list = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);

  /** The focus goes on to the next notice, after the last one back to where it came from. */
  function dismiss(id: number, index: number): void {
    flushSync(() => engine.dismiss(id));
    const left = list.current?.querySelectorAll('button') ?? [];
    const next = left[Math.min(index, left.length - 1)] ?? cameFrom.current;
    if (next instanceof HTMLElement && next.isConnected) next.focus();
    else focusHome();
  }

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
      {notices.map(({ id, problem }, index) => (
        <div className="notice" key={id}>
          <StatusMark tone="bad" />
          <div>
            <strong>{problem.message}</strong>
            <p>
              <span className="dim">{problem.where}</span> – {problem.hint}
            </p>
          </div>
          <button
            type="button"
            className="quiet"
            aria-label={`Dismiss: ${problem.message}`}
            onClick={() => dismiss(id, index)}
          >
            ✕
          </button>
        </div>
      ))}
    </section>
  );
}
