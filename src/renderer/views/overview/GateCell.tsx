import { gateLook, gateWhy } from '../../gateLook.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { cell } from './cell.ts';

/** Row G1: whether a bot may trade now; the reasons stand in the title and, for screen readers, in the cell. */
export const GateCell = cell(['gate'], ({ link: { gate }, stale }) => {
  const { tone, word, opensAt } = gateLook(gate);
  const why = useAtNow((now) => gateWhy(gate, now), '');
  const waitMs =
    gate.kind === 'closed' && gate.cleanSince !== null && opensAt !== null ? opensAt - gate.cleanSince : null;
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
            <span className="where-wide">opens </span>in <Countdown until={opensAt} totalMs={waitMs} />
          </span>
        </>
      )}
    </td>
  );
});
