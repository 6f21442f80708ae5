import type { LinkView } from '../../../shared/snapshot.ts';
import { gateLook, gateWhy } from '../../gateLook.ts';
import { useAtNow, useStale } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

/** Row G1: whether a bot may trade now; the reasons stand in the title and, for screen readers, in the cell. */
export function GateCell({ gate }: Pick<LinkView, 'gate'>) {
  const stale = useStale();
  const { tone, word, opensAt } = gateLook(gate);
  const why = useAtNow((now) => gateWhy(gate, now), '');
  return (
    <td className="gate" title={why === '' ? 'Trading gate open' : `Trading gate closed: ${why}`}>
      <StatusMark tone={stale ? 'idle' : tone} />
      {opensAt === null ? (
        <>
          <span>{word}</span>
          {gate.kind === 'closed' && <span className="visually-hidden">: {why}</span>}
        </>
      ) : (
        <>
          <span className="visually-hidden">closed, </span>
          <span className="opens">
            <span className="where-wide">opens </span>in <Countdown until={opensAt} totalMs={null} />
          </span>
        </>
      )}
    </td>
  );
}
