import { Fragment, useEffect, useState } from 'react';
import type { EffectiveValue } from '../../../shared/contract.ts';
import type { Problem } from '../../../shared/outcome.ts';
import { selectSettings } from '../../store/engine.ts';
import { useClient, useEngineState } from '../../store/hooks.ts';
import { Awaited } from '../../ui/Awaited.tsx';

type Answer = { readonly values: readonly EffectiveValue[] } | { readonly problem: Problem } | null;

/** Row C1: the values in force and where each comes from. Asked again whenever the settings change. */
export function EffectiveSettings({ name }: { readonly name: string }) {
  const answer = useEffective(name);
  return (
    <section className="panel">
      <h2>
        Settings in force <span className="dim">key, value, where it comes from</span>
      </h2>
      {answer === null && (
        <p className="nothing">
          <Awaited />
        </p>
      )}
      {answer !== null && 'problem' in answer && (
        <p className="nothing" role="alert">
          {answer.problem.message} – {answer.problem.hint}
        </p>
      )}
      {answer !== null && 'values' in answer && (
        <ul className="effective">
          {answer.values.map((entry) => (
            <li key={entry.key} title={entry.note ?? undefined}>
              <code>{entry.key}</code>
              <span className="value">
                <Parts value={entry.value} /> <span className="unit">{entry.unit}</span>
              </span>
              <span className={`source source-${entry.source.replaceAll(' ', '-')}`}>{entry.source}</span>
              {entry.note !== null && <span className="note">{entry.note}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Parts({ value }: { readonly value: string }) {
  const parts = value.split(', ');
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two parts may be alike, and none moves
    <Fragment key={`${i} ${part}`}>
      <span className="part">{i < parts.length - 1 ? `${part},` : part}</span>{' '}
    </Fragment>
  ));
}

function useEffective(name: string): Answer {
  const client = useClient();
  const settings = useEngineState(selectSettings);
  const [answer, setAnswer] = useState<Answer>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings, another answer
  useEffect(() => {
    let wanted = true;
    void client.linkSettings({ link: name }).then((outcome) => {
      if (!wanted) return;
      if (outcome.ok) setAnswer({ values: outcome.value });
      // With the host gone the last answer stands, or is still awaited: it is asked again on its return.
      else if (outcome.problem.kind !== 'disconnected') setAnswer({ problem: outcome.problem });
    });
    return () => {
      wanted = false;
    };
  }, [client, name, settings]);
  return answer;
}
