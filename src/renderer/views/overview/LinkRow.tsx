import { type ComponentType, type CSSProperties, memo } from 'react';
import { isOpen } from '../../../shared/health.ts';
import { urlInUse } from '../../../shared/linkView.ts';
import { unfitText } from '../../../shared/unfitReason.ts';
import { briefUnfitReason } from '../../briefReason.ts';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { seriesColor } from '../../charts/seriesColor.ts';
import { closedFor } from '../../gateLook.ts';
import { linkHash } from '../../route.ts';
import { briefCause, dialBlocked, isPaused, toneOf, whyText } from '../../standing.ts';
import { useLink } from '../../store/hooks.ts';
import { CutName } from '../../ui/CutName.tsx';
import { type CellProps, cell, type Place } from './cell.ts';
import { type ColumnKey, underReason } from './columns.ts';
import {
  AgainCell,
  AgeCell,
  BudgetCell,
  FeedCell,
  RateCell,
  RatioCell,
  RotatesCell,
  StandbyCell,
  UpCell,
} from './FlowCells.tsx';
import { GateCell } from './GateCell.tsx';
import { BADGE, badgePx } from './nameRoom.ts';
import { RowActions } from './RowActions.tsx';
import { LastCell, P50Cell, P95Cell, P99Cell, SamplesCell } from './RttCells.tsx';
import { StateCell } from './StateCell.tsx';

interface Props extends Omit<Place, 'reach'> {
  readonly name: string;
  readonly columns: readonly ColumnKey[];
  readonly chosen: boolean;
  /** Its number among all lines of the table, from 1: the head is line 1. */
  readonly line: number;
}

/** One link. Its parts render each for itself, when a field of theirs changes. */
export const LinkRow = memo(function LinkRow({ name, columns, chosen, line, ...place }: Props) {
  const link = useLink(name);
  if (link === null) return null;
  const { current } = place;
  const under = isOpen(link.state) ? NONE : underReason(columns);
  return (
    <tr
      data-link={name}
      data-home={current ? '' : undefined}
      aria-label={name}
      aria-selected={chosen}
      aria-rowindex={line}
      tabIndex={current ? 0 : -1}
      className={isPaused(link) ? 'paused' : undefined}
    >
      <PickCell name={name} chosen={chosen} />
      {columns.map((key) => {
        if (under.includes(key)) return null;
        const Cell = CELLS[key];
        return <Cell key={key} link={link} {...place} reach={1 + under.length} />;
      })}
    </tr>
  );
});

const NONE: readonly ColumnKey[] = [];

/** For itself: React writes three attributes of an input whenever it meets one, and the browser paints it each time. */
const PickCell = memo(function PickCell({ name, chosen }: Pick<Props, 'name' | 'chosen'>) {
  return (
    <td className="pick">
      <input type="checkbox" checked={chosen} readOnly tabIndex={-1} aria-label={`Select ${name}`} />
    </td>
  );
});

const NameCell = cell(['name', 'about'], ({ link: { name, about }, index }) => (
  <td>
    <div className={about.demo ? 'name demo' : 'name'}>
      <span className="swatch" style={swatch(index)} />
      <a href={linkHash(name)} tabIndex={-1} aria-label={name} title={`${name}\n${urlInUse({ about })}`}>
        <CutName name={name} besidePx={about.demo ? badgePx() : 0} />
      </a>
      {about.demo ? <span className="badge">{BADGE}</span> : <span className="venue">{about.venue}</span>}
    </div>
  </td>
));

const swatch = (index: number): CSSProperties => ({ background: seriesColor(index) });

/** A word, which is the health unless that is good and the gate is closed for a cause; then the cause. */
const WhyCell = cell(['state', 'health', 'about', 'gate'], ({ link, reach }) => {
  const { level } = link.health;
  const shut = isOpen(link.state) && level === 'healthy' ? closedFor(link.gate) : [];
  return (
    <td
      className="why"
      title={shut.length === 0 ? whyText(link) : `Gate closed: ${unfitText(shut)}`}
      {...(reach > 1 && { 'aria-colspan': reach, style: { gridColumn: `span ${reach}` } })}
    >
      {shut.length === 0 ? (
        <span className={`word word-${toneOf(link)}`}>{level === 'none' ? '' : level}</span>
      ) : (
        <span className="word word-warn">
          <span className="visually-hidden">healthy, </span>not fit
        </span>
      )}{' '}
      {shut.length === 0 ? briefCause(link) : shut.map(briefUnfitReason).join('; ')}
    </td>
  );
});

const SparkCell = cell(['name'], ({ link, index }) => (
  <td>
    <Sparkline name={link.name} color={seriesColor(index)} />
  </td>
));

const ActCell = cell(['name', 'state'], ({ link, current }) => (
  <td className="act">
    <RowActions name={link.name} paused={isPaused(link)} blocked={dialBlocked(link)} reachable={current} />
  </td>
));

const CELLS: Readonly<Record<ColumnKey, ComponentType<CellProps>>> = {
  name: NameCell,
  state: StateCell,
  gate: GateCell,
  why: WhyCell,
  last: LastCell,
  p50: P50Cell,
  p95: P95Cell,
  p99: P99Cell,
  n: SamplesCell,
  spark: SparkCell,
  age: AgeCell,
  rate: RateCell,
  up: UpCell,
  ratio: RatioCell,
  again: AgainCell,
  feed: FeedCell,
  budget: BudgetCell,
  standby: StandbyCell,
  rotates: RotatesCell,
  act: ActCell,
};
