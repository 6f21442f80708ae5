import type { Preview } from '../../../shared/contract.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { problemText } from './problemText.ts';

/** What is wrong with the text, each entry a way to its place. */
export function ProblemList(props: {
  readonly problems: readonly SettingsProblem[];
  readonly onJump: (problem: SettingsProblem) => void;
}) {
  const errors = props.problems.filter((problem) => problem.severity === 'error').length;
  const notices = props.problems.length - errors;
  return (
    <section className="panel" aria-live="polite">
      <h2>
        Problems{' '}
        <span className="dim">
          {[errors > 0 ? plural(errors, 'error') : '', notices > 0 ? plural(notices, 'notice') : '']
            .filter(Boolean)
            .join(', ')}
        </span>
      </h2>
      {props.problems.length === 0 && (
        <p className="nothing">
          <StatusMark tone="good" /> None in this text.
        </p>
      )}
      <ul className="problems">
        {props.problems.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`}>
            <button type="button" onClick={() => props.onJump(problem)}>
              <StatusMark tone={problem.severity === 'error' ? 'bad' : 'warn'} />
              <span className="place">
                {problem.line}:{problem.column}
              </span>
              <span>
                {problem.path !== '' && <code>{problem.path}</code>} {problemText(problem)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const hasErrors = (preview: Preview | null): boolean =>
  preview?.problems.some((problem) => problem.severity === 'error') ?? false;
