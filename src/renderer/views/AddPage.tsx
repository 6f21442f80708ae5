import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import type { PresetCard } from '../../shared/presetCard.ts';
import { ADD_STEPS, type AddStep, addHash, adjust, go } from '../route.ts';
import { useClient, useEngine } from '../store/hooks.ts';
import { Awaited } from '../ui/Awaited.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { SubscribeStep } from './wizard/SubscribeStep.tsx';
import { TestStep } from './wizard/TestStep.tsx';
import { useWizard, type Wizard } from './wizard/useWizard.ts';
import { VenueStep } from './wizard/VenueStep.tsx';
import { WizardFoot } from './wizard/WizardFoot.tsx';
import { firstFault } from './wizard/whyNot.ts';

const TITLES: Readonly<Record<AddStep, string>> = {
  venue: 'Choose a venue',
  subscribe: 'Choose what to subscribe to',
  test: 'Test and add',
};

/** Adds a link: a venue, what to subscribe to, a test of the connection, a name. */
export default function AddPage({ step }: { readonly step: AddStep }) {
  const cards = usePresets();
  useEscToOverview();
  if (cards !== null) return <Steps cards={cards} asked={step} />;
  return (
    <p className="loading" role="status">
      <Awaited />
    </p>
  );
}

function Steps({ cards, asked }: { readonly cards: readonly PresetCard[]; readonly asked: AddStep }) {
  const wizard = useWizard(cards);
  const open = ADD_STEPS.slice(0, 1 + ADD_STEPS.findIndex((step) => whyNoNext(step, wizard) !== null));
  const reachable = open.length === 0 ? ADD_STEPS : open;
  // An address may ask for a step that what was chosen does not allow yet.
  const step = reachable.includes(asked) ? asked : (reachable.at(-1) ?? 'venue');
  useEffect(() => {
    if (step !== asked) adjust({ view: 'add', step });
  }, [step, asked]);
  const next = ADD_STEPS[ADD_STEPS.indexOf(step) + 1];
  const blocked = whyNoNext(step, wizard);
  const forward = (event: FormEvent): void => {
    event.preventDefault();
    if (next !== undefined && blocked === null) go(addHash(next));
  };
  return (
    <form className="wizard" onSubmit={forward} onKeyDown={continueByEnter} noValidate>
      <header className="settings-head">
        <PageHeading key={step}>
          Add venue<span className="visually-hidden">: {TITLES[step]}</span>
        </PageHeading>
        <StepList step={step} reachable={reachable} />
      </header>
      {step === 'test' ? (
        <TestStep wizard={wizard} />
      ) : (
        <>
          <div className="wizard-body">
            {step === 'venue' ? <VenueStep wizard={wizard} /> : <SubscribeStep wizard={wizard} />}
          </div>
          <WizardFoot
            step={step}
            said={
              <p className="dim ellipsis">
                {blocked ?? `Enter continues${step === 'subscribe' ? ENTER_IN_LINES : ''}`}
              </p>
            }
          >
            {next !== undefined && (
              <button
                type="submit"
                className="button primary"
                aria-disabled={blocked !== null}
                title={blocked ?? undefined}
              >
                Next: {TITLES[next].toLowerCase()}
              </button>
            )}
          </WizardFoot>
        </>
      )}
    </form>
  );
}

const ENTER_IN_LINES = '; Ctrl/⌘+Enter in a field of several lines';

/** Where the browser does nothing by itself: on the heading, which has the focus first, and among several lines. */
function continueByEnter(event: KeyboardEvent<HTMLFormElement>): void {
  const { target } = event;
  // A key that is still held from the last step is no answer to this one.
  if (event.key !== 'Enter' || event.repeat || !(target instanceof Element)) return;
  const inLines = target.matches('textarea');
  if (inLines ? !event.ctrlKey && !event.metaKey : target.matches('a, button, input')) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** Why the next step cannot be gone to, `null` if it can. */
function whyNoNext(step: AddStep, { state, card, faults }: Wizard): string | null {
  if (step === 'test') return null;
  if (state.choice.kind === 'none') return 'Choose a venue, or an address of your own';
  if (state.choice.kind === 'preset' && card === undefined) {
    return `The venue ${state.choice.name} is not known to this Warmwire (any more): choose another`;
  }
  return step === 'venue' ? null : firstFault(faults);
}

function StepList({ step, reachable }: { readonly step: AddStep; readonly reachable: readonly AddStep[] }) {
  return (
    <ol className="steps" aria-label="Steps">
      {ADD_STEPS.map((one, index) => (
        <li key={one}>
          {reachable.includes(one) ? (
            <a href={addHash(one)} aria-current={one === step ? 'step' : undefined}>
              {index + 1} {TITLES[one]}
            </a>
          ) : (
            <span className="dim">
              {index + 1} {TITLES[one]}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Asked anew on each wire: another Warmwire may know other venues. `null` until the first answer. */
function usePresets(): readonly PresetCard[] | null {
  const client = useClient();
  const engine = useEngine();
  const [cards, setCards] = useState<readonly PresetCard[] | null>(null);
  useEffect(() => {
    let wanted = true;
    void client.presets(null).then((outcome) => {
      if (!wanted) return;
      if (outcome.ok) setCards(outcome.value);
      else if (outcome.problem.kind !== 'disconnected') engine.notify(outcome.problem);
    });
    return () => {
      wanted = false;
    };
  }, [client, engine]);
  return cards;
}
