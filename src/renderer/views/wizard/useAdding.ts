import { useEffect, useState } from 'react';
import type { DraftedLink } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { go, linkHash } from '../../route.ts';
import { useEngine, useLinkNames, useStale } from '../../store/hooks.ts';
import { askNow, OFFLINE } from '../../store/offline.ts';
import { problemText } from '../settings/problemText.ts';
import { useDraftedLink } from './useDraftedLink.ts';
import type { Wizard } from './useWizard.ts';
import { draftOf, nameOf } from './wizardState.ts';

/** The link as it would be written, and how to have it written. */
export interface Adding {
  readonly name: string;
  readonly drafted: Outcome<DraftedLink> | null;
  /** Whether that is of what is chosen now. */
  readonly current: boolean;
  /** Why it cannot be written, `null` if it can. */
  readonly fault: string | null;
  /** Why it cannot be added now, `null` if it can. */
  readonly blocked: string | null;
  /** What came of it. */
  readonly said: string;
  add(): void;
}

/** Writes the link, and leads to its page once the engine has it. */
export function useAdding(wizard: Wizard): Adding {
  const { state, card } = wizard;
  const engine = useEngine();
  const names = useLinkNames();
  const offline = useStale();
  const { drafted, current } = useDraftedLink(draftOf(state, card, names));
  const [added, setAdded] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const name = nameOf(state, names);
  const fault = current ? draftFault(drafted) : null;
  const blocked = whyNoAdd({ current, fault, offline, busy: busy || added !== null });
  const there = added !== null && names.includes(added);
  useEffect(() => {
    if (there && added !== null) go(linkHash(added));
  }, [there, added]);

  const write = async ({ text, basedOn }: DraftedLink): Promise<void> => {
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
  return {
    name,
    drafted,
    current,
    fault,
    blocked,
    said: added === null || said !== '' ? said : 'Added; the engine is starting it…',
    add: () => {
      if (drafted?.ok === true) void write(drafted.value);
    },
  };
}

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

export const isAboutName = (kind: string): boolean => kind === 'name-taken' || kind === 'bad-name';

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
