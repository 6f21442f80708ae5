import { selectNotices } from '../store/engine.ts';
import { useEngine, useEngineState } from '../store/hooks.ts';
import { StatusMark } from './StatusMark.tsx';

/** Problems that commands answered: what, where, what to do. They stay until they are dismissed. */
export function Notices() {
  const engine = useEngine();
  const notices = useEngineState(selectNotices);
  return (
    <section className="notices" aria-live="polite" aria-label="Problems">
      {notices.map(({ id, problem }) => (
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
            onClick={() => engine.dismiss(id)}
          >
            ✕
          </button>
        </div>
      ))}
    </section>
  );
}
