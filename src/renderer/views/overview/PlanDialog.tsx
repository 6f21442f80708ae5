import type { RefObject } from 'react';
import { plural } from '../../format.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { useGateCost } from '../../ui/useGateCost.ts';
import { actionOf, type Plan } from './bulk.ts';

interface Props {
  readonly plan: Plan;
  readonly opener: RefObject<HTMLElement | null>;
  readonly onAct: () => void;
  readonly onClose: () => void;
}

/** One question for all of them: what it costs, then each link by name, with what will become of it. */
export default function PlanDialog({ plan, opener, onAct, onClose }: Props) {
  const what = actionOf(plan.action).text.replace('…', '');
  const cost = useGateCost(plan.gates);
  return (
    <Confirm
      title={`${what}: ${plural(plan.acts.length, 'link')}?`}
      act={what}
      onAct={onAct}
      onClose={onClose}
      opener={opener}
    >
      {plan.gates.length > 0 && (
        <p>
          Closes {plural(plan.gates.length, 'open trading gate')}
          {cost === null ? '' : `: ${plan.gates.length > 1 ? 'of each link ' : ''}${cost}`}.
        </p>
      )}
      <ScrollBox className="plan" aria-label="Links">
        <ul>
          {plan.acts.map(({ name, does }) => (
            <li key={name}>
              <bdi>{name}</bdi> {does}
            </li>
          ))}
          {plan.skips.map(({ name, why }) => (
            <li key={name} className="dim">
              <bdi>{name}</bdi> is left alone: {why}
            </li>
          ))}
        </ul>
      </ScrollBox>
    </Confirm>
  );
}
