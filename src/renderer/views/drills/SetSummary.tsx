import { faultTitle } from '../../../shared/demoFault.ts';
import { plural } from '../../format.ts';
import type { Drill } from '../../store/drill.ts';
import type { DrillSet } from '../../store/drillSet.ts';
import { useDrills } from '../../store/drills.ts';
import { DrillTable } from './DrillTable.tsx';

interface Props {
  readonly set: DrillSet;
  readonly drills: readonly Drill[];
  readonly shown: string | null;
  readonly onShow: (id: string) => void;
}

/** A set of drills as it goes: what is done, what comes, and how to stop it. */
export function SetSummary({ set, drills, shown, onShow }: Props) {
  const { sets } = useDrills();
  const done = set.steps.flatMap(({ drill }) => drills.find(({ id }) => id === drill) ?? []);
  const next = set.steps.filter(({ drill }) => drill === null).map(({ fault }) => faultTitle(fault));
  return (
    <section className="panel" aria-label="All drills">
      <div className="panel-head">
        <h2>
          Drill all <span className="dim">on {set.label}</span>
        </h2>
        <span className="dim">{stateText(set, next)}</span>
        {set.state === 'running' && (
          <button type="button" className="button" onClick={() => sets.cancel()}>
            Cancel
          </button>
        )}
      </div>
      <DrillTable label="Summary of all drills" drills={done} shown={shown} onShow={onShow} />
    </section>
  );
}

function stateText({ state, steps }: DrillSet, next: readonly string[]): string {
  if (state === 'done') return `${plural(steps.length, 'drill')} done`;
  const left = next.length === 0 ? 'the last one is running' : `then ${next.join(', ')}`;
  return state === 'cancelled' ? `cancelled after ${steps.length - next.length} of ${steps.length}` : left;
}
