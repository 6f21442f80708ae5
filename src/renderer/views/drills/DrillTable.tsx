import { faultTitle } from '../../../shared/demoFault.ts';
import { type AnyRow, countOf, resultText } from '../../../shared/drillText.ts';
import { monoMs } from '../../../shared/units.ts';
import { count, NOTHING, timeOfDay } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { type Drill, metNobody, momentOf, subjectsOf } from '../../store/drill.ts';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { WideBox } from '../../ui/WideBox.tsx';

const COLUMNS: readonly GridColumn[] = [
  { key: 'at', head: 'At', title: 'When the fault began, local time' },
  { key: 'fault', head: 'Drill', title: 'The fault; press to see its timeline' },
  { key: 'on', head: 'Exchange', title: 'Where' },
  { key: 'suspect', head: 'Suspect', unit: 'ms', title: 'Since the fault began', numeric: true },
  { key: 'dead', head: 'Lost', unit: 'ms', title: 'The socket’s end, since the fault began', numeric: true },
  { key: 'back', head: 'Restored', unit: 'ms', title: 'Data again, since the fault began', numeric: true },
  { key: 'gate', head: 'Trading', unit: 'ms', title: 'The gate open again, since the fault began', numeric: true },
  { key: 'kept', head: 'Kept', title: 'Promises kept', numeric: true },
  { key: 'missed', head: 'Missed', title: 'Promises missed', numeric: true },
  { key: 'end', head: 'Outcome', title: 'How it ended' },
];

interface Props {
  readonly label: string;
  readonly drills: readonly Drill[];
  readonly shown: string | null;
  readonly onShow: (id: string) => void;
}

/** Drills of this session, one row each, of the first link or pool that stood there. */
export function DrillTable({ label, drills, shown, onShow }: Props) {
  return (
    <WideBox label={label}>
      <table className="links drill-table" aria-label={label}>
        <GridHead columns={COLUMNS} prefix="pdcol" />
        <tbody>
          {drills.map((drill) => (
            <DrillRow key={drill.id} drill={drill} shown={drill.id === shown} onShow={onShow} />
          ))}
        </tbody>
      </table>
    </WideBox>
  );
}

interface RowProps extends Pick<Props, 'onShow'> {
  readonly drill: Drill;
  readonly shown: boolean;
}

function DrillRow({ drill, shown, onShow }: RowProps) {
  const [subject] = subjectsOf(drill, momentOf(drill, monoMs(0)));
  const rows = subject?.rows ?? [];
  const title = faultTitle(drill.injection.fault);
  const missed = countOf(rows, 'missed');
  const outcome = outcomeOf(drill, missed);
  return (
    <tr aria-current={shown ? 'true' : undefined} data-drill={title}>
      <td>{timeOfDay(drill.injection.at)}</td>
      <td className="ellipsis" title={title}>
        <button type="button" className="drill-name" aria-pressed={shown} onClick={() => onShow(drill.id)}>
          {title}
        </button>
      </td>
      <td className="ellipsis" title={drill.exchange.label}>
        {drill.exchange.label}
      </td>
      <td className="num">{msOf(rows, 'suspect')}</td>
      <td className="num">{msOf(rows, 'ended', 'lost')}</td>
      <td className="num">{msOf(rows, 'restored', 'ready-again')}</td>
      <td className="num">{msOf(rows, 'gate-open')}</td>
      <td className="num">{metNobody(drill) ? NOTHING : countOf(rows, 'kept')}</td>
      <td className={missed > 0 ? 'num word-bad' : 'num'}>{missed}</td>
      <td className="ellipsis" title={resultText(rows)}>
        <span className="standing">
          <StatusMark tone={outcome.tone} />
          {outcome.word}
        </span>
      </td>
    </tr>
  );
}

function outcomeOf(drill: Drill, missed: number): { readonly tone: Tone; readonly word: string } {
  const { closed } = drill;
  if (closed === null) return { tone: 'warn', word: 'running' };
  if (closed.why !== 'settled') return { tone: missed > 0 ? 'bad' : 'idle', word: closed.why };
  if (missed > 0) return { tone: 'bad', word: 'promise missed' };
  return metNobody(drill) ? { tone: 'idle', word: 'nobody here' } : { tone: 'good', word: 'all kept' };
}

function msOf(rows: readonly AnyRow[], ...milestones: readonly AnyRow['milestone'][]): string {
  const mark = rows.find((row) => milestones.includes(row.milestone))?.mark ?? null;
  return mark === null ? NOTHING : count(Math.round(mark.ms));
}
