import { useEffect, useState } from 'react';
import type { DraftedLink } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { go, linkHash } from '../../route.ts';
import { useEngine, useLinkNames, useStale } from '../../store/hooks.ts';
import { askNow, OFFLINE } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { problemText } from '../settings/problemText.ts';
import { Field } from './Field.tsx';
import { ProfileChoice } from './ProfileChoice.tsx';
import { useDraftedLink } from './useDraftedLink.ts';
import type { Wizard } from './useWizard.ts';
import { draftOf, nameOf } from './wizardState.ts';

export type Tested = 'works' | 'failed' | 'running' | 'not tested';

/** Name, profile and standby; the very lines that will be written, and where; and the button that writes them. */
export function FinishPanel({ wizard, tested }: { readonly wizard: Wizard; readonly tested: Tested }) {
  const { state, card } = wizard;
  const names = useLinkNames();
  const offline = useStale();
  const { drafted, current } = useDraftedLink(draftOf(state, card, names));
  const { added, said, busy, add } = useAdding(wizard);
  const name = nameOf(state, names);
  const fault = current ? draftFault(drafted) : null;
  const blocked = whyNoAdd({ current, fault, offline, busy: busy || added !== null });
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
      <div className="add-row">
        <p className="said" role="status">
          {said}
        </p>
        {tested !== 'works' && (
          <p className="untested">
            <StatusMark tone="warn" /> {WARNING[tested]}
          </p>
        )}
        <ActionButton
          className={tested === 'works' ? 'button primary' : 'button'}
          blocked={blocked}
          onClick={() => drafted?.ok === true && void add(name, drafted.value)}
        >
          {ADD[tested]}
        </ActionButton>
      </div>
    </section>
  );
}

const ADD: Readonly<Record<Tested, string>> = {
  works: 'Add',
  'not tested': 'Add untested',
  running: 'Add untested',
  failed: 'Add anyway',
};

const WARNING: Readonly<Record<Exclude<Tested, 'works'>, string>> = {
  'not tested': 'Not tested: its page will show whether it works.',
  running: 'The test is still running.',
  failed: 'The test failed: the link will be dialled anyway.',
};

function whyNoAdd(now: {
  readonly current: boolean;
  readonly fault: string | null;
  readonly offline: boolean;
  readonly busy: boolean;
}): string | null {
  if (now.offline) return OFFLINE;
  if (now.busy) return 'Being added';
  return now.current ? now.fault : 'Working out what will be written';
}

const isAboutName = (kind: string): boolean => kind === 'name-taken' || kind === 'bad-name';

function nameFault(drafted: Outcome<DraftedLink> | null): string | null {
  if (drafted === null || drafted.ok || !isAboutName(drafted.problem.kind)) return null;
  return `${drafted.problem.message}: ${drafted.problem.hint}`;
}

/** Why it cannot be written, `null` if it can. */
function draftFault(drafted: Outcome<DraftedLink> | null): string | null {
  if (drafted === null) return null;
  if (!drafted.ok) {
    const { kind, message, where, hint } = drafted.problem;
    return isAboutName(kind) ? message : `${message} (${where}): ${hint}`;
  }
  const own = drafted.value.problems.find(({ severity }) => severity === 'error');
  if (own !== undefined) return problemText(own);
  const other = drafted.value.otherProblems.find(({ severity }) => severity === 'error');
  return other === undefined
    ? null
    : `The settings file has a mistake in line ${other.line}, and is not written before that is repaired: ${other.message}`;
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

/** Writes the link, and leads to its page once the engine has it. */
function useAdding(wizard: Wizard) {
  const engine = useEngine();
  const names = useLinkNames();
  const [added, setAdded] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const there = added !== null && names.includes(added);
  useEffect(() => {
    if (there && added !== null) go(linkHash(added));
  }, [there, added]);

  const add = async (name: string, { text, basedOn }: DraftedLink): Promise<void> => {
    setBusy(true);
    setSaid('');
    const outcome = await askNow(engine, (client) => client.applySettings({ text, basedOn }));
    setBusy(false);
    if (!outcome.ok) return engine.notify(outcome.problem);
    if (outcome.value.kind === 'conflict')
      return setSaid('Not added: the file has just changed. Look again, then add.');
    if (outcome.value.kind === 'problems') return setSaid('Not added: the settings file has mistakes.');
    wizard.forget();
    setAdded(name);
  };
  return { added, said: added === null || said !== '' ? said : 'Added; the engine is starting it…', busy, add };
}
