import { gateLook, gateWhy } from '../../gateLook.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { cell } from './cell.ts';

/** Row G1: whether a bot may trade now; the reasons stand in the title and, for screen readers, in the cell. */
export const GateCell = cell(['gate'], ({ link: { gate }, stale }) => {
  const { tone, word, opensAt } = gateLook(gate);
  const why = useAtNow((now) => gateWhy(gate, now), '');
  const waitMs = opensAt === null || gate.kind !== 'closed' || gate.cleanSince === null ? 1 : opensAt - gate.cleanSince;
  const left = useAtNow(
    (now) => (opensAt === null ? 0 : Math.round(100 * Math.min(1, (opensAt - now) / waitMs))),
    0,
    0,
  );
  return (
    <td
      className={opensAt === null ? 'gate' : 'gate waits'}
      title={why === '' ? 'Trading gate open' : `Trading gate closed: ${why}`}
    >
      <StatusMark tone={stale ? 'idle' : tone} />
      {opensAt === null ? (
        <>
          <span>{word}</span>
          {gate.kind === 'closed' && <span className="visually-hidden">: {why}</span>}
        </>
      ) : (
        <>
          <span className="visually-hidden">closed, </span>
          <span>
            <span className="visually-hidden">opens </span>in{' '}
          </span>
          <Countdown until={opensAt} totalMs={null} short />
          <span className="wait-bar" aria-hidden="true" style={{ width: `${left}%` }} />
        </>
      )}
    </td>
  );
});
