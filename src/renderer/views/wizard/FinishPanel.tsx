import type { DraftedLink } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { problemText } from '../settings/problemText.ts';
import { Field } from './Field.tsx';
import { ProfileChoice } from './ProfileChoice.tsx';
import { type Adding, isAboutName } from './useAdding.ts';
import type { Wizard } from './useWizard.ts';

/** Name, profile and standby; and the very lines that will be written, and where. */
export function FinishPanel({ wizard, adding }: { readonly wizard: Wizard; readonly adding: Adding }) {
  const { state } = wizard;
  const { drafted, current, name, fault } = adding;
  return (
    <section className="panel finish" aria-label="The link">
      <Field label="Name" unit="of the link, unlike any other" fault={nameFault(drafted)}>
        {(ids) => (
          <input
            {...ids}
            className="wizard-input"
            type="text"
            spellCheck={false}
            autoComplete="off"
            value={name}
            onChange={(event) => wizard.change({ name: event.target.value })}
          />
        )}
      </Field>
      <ProfileChoice value={state.profile} onChange={(profile) => wizard.change({ profile })} />
      <label className="check">
        <input type="checkbox" checked={state.standby} onChange={() => wizard.change({ standby: !state.standby })} />
        <span>
          Standby <span className="dim">a second subscribed socket takes over at once; needs two connections</span>
        </span>
      </label>
      <Preview drafted={drafted} current={current} />
      <p className="fault">{fault}</p>
    </section>
  );
}

function nameFault(drafted: Outcome<DraftedLink> | null): string | null {
  if (drafted === null || drafted.ok || !isAboutName(drafted.problem.kind)) return null;
  return `${drafted.problem.message}: ${drafted.problem.hint}`;
}

function Preview(props: { readonly drafted: Outcome<DraftedLink> | null; readonly current: boolean }) {
  const value = props.drafted?.ok === true ? props.drafted.value : null;
  const notices = value?.problems.filter(({ severity }) => severity === 'notice') ?? [];
  return (
    <div className={props.current ? 'toml' : 'toml pending'}>
      <h2>
        Will be written{' '}
        <span className="dim">{value === null ? '' : `at line ${value.line} of the settings file`}</span>
      </h2>
      <ScrollBox aria-label="Lines for the settings file" data-testid="toml-block">
        <pre>{value?.block ?? ''}</pre>
      </ScrollBox>
      {notices.map((notice) => (
        <p className="foot" key={`${notice.line}:${notice.column}`}>
          {problemText(notice)}
        </p>
      ))}
    </div>
  );
}
