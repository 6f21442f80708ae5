import { type AnyRow, MILESTONE_TEXT, promiseText } from '../../../shared/drillText.ts';
import { count, NOTHING } from '../../format.ts';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { STANDING_TONE } from './standingLook.ts';

const COLUMNS: readonly GridColumn[] = [
  { key: 'what', head: 'What happens', title: 'In the order of a loss and a recovery' },
  {
    key: 'ms',
    head: 'Measured',
    unit: 'ms',
    title: 'Since the fault began, by the exchange’s and the engine’s own clocks',
    numeric: true,
  },
  { key: 'limit', head: 'Limit', unit: 'ms', title: 'The promise, counted from the fault as well', numeric: true },
  { key: 'promise', head: 'Promised', title: 'By the settings and what has been learned' },
  { key: 'standing', head: 'Promise is', title: 'Kept, missed, not yet to be said, or without a meaning here' },
  {
    key: 'why',
    head: 'Why, or what was said',
    title: 'Where the promise comes from; once it has happened, what was said of it',
  },
];

interface Props {
  readonly label: string;
  readonly rows: readonly AnyRow[];
  /** The fault's own row: what, and whether it has begun. */
  readonly fault: { readonly title: string; readonly begun: boolean };
  /** Nothing comes any more: what was said may take its room. */
  readonly over: boolean;
}

/** What only a drill fills: before it, why something is promised has that room. */
const OF_A_DRILL: readonly string[] = ['ms', 'standing'];
const BEFORE = COLUMNS.filter(({ key }) => !OF_A_DRILL.includes(key));

/** What was promised beside what happened, one row a milestone. Rows neither come nor go nor grow while a drill runs. */
export function TimelineTable({ label, rows, fault, over }: Props) {
  return (
    <WideBox label={label}>
      <table className="links drill-table" aria-label={label}>
        <GridHead columns={fault.begun ? COLUMNS : BEFORE} prefix="dcol" />
        <tbody>
          <tr data-milestone="fault">
            <th scope="row">Fault injected</th>
            {fault.begun && <td className="num">0</td>}
            <td className="num">{NOTHING}</td>
            <td />
            {fault.begun && <td />}
            <td className="dim">{fault.title}</td>
          </tr>
          {rows.map((row) => (
            <MilestoneRow key={row.milestone} row={row} begun={fault.begun} over={over} />
          ))}
        </tbody>
      </table>
    </WideBox>
  );
}

interface RowProps {
  readonly row: AnyRow;
  readonly begun: boolean;
  readonly over: boolean;
}

function MilestoneRow({ row, begun, over }: RowProps) {
  const { milestone, mark, limitMs, promised, standing } = row;
  const said = mark?.text ?? promised.why;
  const apart = standing === 'does not apply' && mark === null;
  return (
    <tr data-milestone={milestone} className={apart ? 'apart' : undefined}>
      <th scope="row">{MILESTONE_TEXT[milestone]}</th>
      {begun && (
        <td className="num">{mark === null || milestone === 'others' ? NOTHING : count(Math.round(mark.ms))}</td>
      )}
      <td className="num dim">{limitMs === null ? NOTHING : count(Math.round(limitMs))}</td>
      <td className="ellipsis" title={promised.why}>
        {promiseText(promised)}
      </td>
      {begun && (
        <td className={standing === 'missed' ? 'word-bad' : undefined}>
          <span className="standing">
            <StatusMark tone={STANDING_TONE[standing]} /> {standing}
          </span>
        </td>
      )}
      <td
        className={mark === null || !over ? 'ellipsis dim' : 'drill-said dim'}
        title={mark === null ? said : `${said}\nPromised: ${promised.why}`}
      >
        {said}
      </td>
    </tr>
  );
}
