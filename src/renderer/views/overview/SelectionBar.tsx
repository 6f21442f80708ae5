import { Suspense, useRef, useState } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import { plural } from '../../format.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Fence } from '../../ui/Fence.tsx';
import { later } from '../../ui/later.ts';
import { ACTION_KEYS, type ActionKey, actionOf, type Plan, planOf } from './bulk.ts';
import type { Bulk } from './useBulk.ts';

const PlanDialog = later(() => import('./PlanDialog.tsx'));

interface Props {
  /** The chosen links that pass the filter: what is hidden is not acted on. */
  readonly links: readonly LinkView[];
  readonly bulk: Bulk;
  readonly onClear: () => void;
}

/** What can be done to the chosen links, asked about once where it cuts, and what came of it. */
export function SelectionBar({ links, bulk, onClear }: Props) {
  const { said, busy, run } = bulk;
  const offline = useOffline();
  const [asked, setAsked] = useState<Plan | null>(null);
  const opener = useRef<HTMLElement | null>(null);

  function press(action: ActionKey, button: HTMLElement): void {
    const plan = planOf(action, links);
    opener.current = button;
    if (plan.asks) setAsked(plan);
    else void run(plan);
  }

  return (
    <fieldset className="selected-actions" aria-label="Actions on the selected links">
      <strong>{plural(links.length, 'link')} selected</strong>
      {ACTION_KEYS.map((key) => (
        <ActionButton
          key={key}
          className={actionOf(key).asks === true ? 'chip danger' : 'chip'}
          blocked={offline ?? (busy ? 'Wait until the last action is done' : blockedBy(key, links))}
          title={actionOf(key).title}
          onClick={({ currentTarget }) => press(key, currentTarget)}
        >
          {actionOf(key).text}
        </ActionButton>
      ))}
      <button type="button" className="chip" onClick={onClear} title="Select none (Esc)">
        Clear
      </button>
      <span className="said" role="status" title={said}>
        {said}
      </span>
      {asked !== null && (
        <Fence what="The question" apart onClose={() => setAsked(null)}>
          <Suspense>
            <PlanDialog plan={asked} opener={opener} onAct={() => void run(asked)} onClose={() => setAsked(null)} />
          </Suspense>
        </Fence>
      )}
    </fieldset>
  );
}

/** Why the action has nothing to do with any of them. */
function blockedBy(key: ActionKey, links: readonly LinkView[]): string | null {
  const { acts, skips } = planOf(key, links);
  return acts.length > 0 ? null : `Nothing to do: ${skips[0]?.why ?? 'no link is selected'}`;
}
