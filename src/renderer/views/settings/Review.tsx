import type { Preview } from '../../../shared/contract.ts';
import type { SettingsChange, SettingsProblem } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { consequence, problemText } from './problemText.ts';

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
          <StatusMark tone="good" /> None: this text can be applied.
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

/** What applying the text, or an undo, will do to each link and pool, before it is done. */
export function ChangeList(props: {
  readonly what: 'Apply' | 'Undo';
  readonly preview: Preview | null;
  readonly dirty: boolean;
  readonly current: boolean;
  readonly linkCount: number;
}) {
  const { what, preview, dirty, current, linkCount } = props;
  const known = preview !== null && !hasErrors(preview);
  const changes = dirty && preview !== null ? preview.changes : [];
  const touched = changes.filter((change) => change.effect !== 'added' && change.pool !== true).length;
  return (
    <section
      className={current || !dirty ? 'panel' : 'panel pending'}
      aria-live="polite"
      data-testid="settings-preview"
    >
      <h2>
        What {what} will do{' '}
        <span className="dim">
          {dirty && known ? `${plural(Math.max(0, linkCount - touched), 'link')} untouched` : ''}
        </span>
      </h2>
      {!dirty && <p className="nothing">Nothing: the text is the file’s.</p>}
      {dirty && changes.length === 0 && (
        <p className="nothing">
          {known
            ? 'No link changes: only text does.'
            : preview === null
              ? 'Checking…'
              : 'Nothing can be said before the errors are gone.'}
        </p>
      )}
      <ul className="changes">
        {changes.map((change) => (
          <li key={`${change.pool === true} ${change.link}`}>
            <StatusMark tone={toneOfEffect(change.effect)} />
            <div>
              <strong>
                <bdi>{change.link}</bdi>
              </strong>{' '}
              – {consequence(change.effect)}
              {change.keys.map((key) => (
                <div className="key-change" key={key.key}>
                  <code>{key.key}</code> {key.from} → <b>{key.to}</b>
                </div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const hasErrors = (preview: Preview | null): boolean =>
  preview?.problems.some((problem) => problem.severity === 'error') ?? false;

function toneOfEffect(effect: SettingsChange['effect']): Tone {
  if (effect === 'live' || effect === 'added' || effect === 'resumed') return 'good';
  return effect === 'resubscribe' || effect === 'redial' || effect === 'restart' ? 'warn' : 'idle';
}
