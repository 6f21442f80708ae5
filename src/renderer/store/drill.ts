import type { DemoExchange, DemoInjection } from '../../shared/demoFault.ts';
import { falseAlarm, follow, newTrack, type Track } from '../../shared/drill.ts';
import type { AnyRow } from '../../shared/drillText.ts';
import type { LinkEvent } from '../../shared/events.ts';
import { type LinkView, urlInUse } from '../../shared/linkView.ts';
import type { Promises } from '../../shared/promised.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { type DrillMoment, isSettled, type TimelineRow, timeline, wasCutShort } from '../../shared/timeline.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import { type Alarm, type Beside, falseAlarms } from './drillAlarms.ts';
import { fedPool, newPoolDrills, type PoolDrill, poolRowsOf } from './poolDrill.ts';
import type { Pools } from './pools.ts';

/** One link in one drill. */
export interface LinkDrill {
  /** As it was last seen before the fault. */
  readonly before: LinkView;
  /** `null` until its settings have been asked for. */
  readonly promises: Promises | null;
  readonly track: Track;
}

export type DrillEnd = 'settled' | 'cut short' | 'engine restarted';

/** A fault of a demo exchange, whoever injected it, and what became of the links that can stand there. */
export interface Drill {
  readonly id: string;
  readonly exchange: Pick<DemoExchange, 'name' | 'label' | 'wire'>;
  readonly injection: DemoInjection;
  readonly startAt: MonoMs;
  readonly links: readonly LinkDrill[];
  /** Of an HTTPS exchange, in place of links. */
  readonly pools: readonly PoolDrill[];
  /** What happened meanwhile to links that its fault does not touch, whoever did it. */
  readonly alarms: readonly Alarm[];
  /** Drills that ran in the same time, as far as they did. */
  readonly beside: readonly Beside[];
  /** Stalls of this machine since it started: before the fault, and by now. What is missed across one may be its doing. */
  readonly stalls: { readonly before: number; readonly now: number };
  /** `null` while it goes on. */
  readonly closed: { readonly atMs: number; readonly why: DrillEnd } | null;
}

const SCHEME = 'demo://';

export const drillId = (exchange: string, { number, at }: DemoInjection): string => `${exchange} ${number} ${at}`;

/** Whether the link stands at this very exchange, and not at another address of its venue. */
export const standsAt = (exchange: string, link: LinkView): boolean => urlInUse(link) === `${SCHEME}${exchange}`;

/** The links that can stand at this exchange and are not paused, in the order of the settings; those that do stand there first. */
export function linksAt(exchange: string, { order, links }: Pick<Snapshot, 'order' | 'links'>): readonly LinkView[] {
  const url = `${SCHEME}${exchange}`;
  const known = order.flatMap((name) => {
    const link = links[name];
    const stands = link?.about.url === url || link?.about.routes.some((route) => route.url === url);
    return link === undefined || !stands || link.state.kind === 'paused' ? [] : [link];
  });
  return [...known.filter((link) => standsAt(exchange, link)), ...known.filter((link) => !standsAt(exchange, link))];
}

/** `before`: the last that was told from before the fault. */
export function newDrill(
  exchange: DemoExchange,
  injection: DemoInjection,
  startAt: MonoMs,
  before: { readonly snapshot: Snapshot; readonly pools: Pools | null },
): Drill {
  const { name, label, wire } = exchange;
  const links = linksAt(name, before.snapshot).map((view): LinkDrill => {
    const track = newTrack({ link: view.name, generation: view.about.generation, startAt });
    return { before: view, promises: null, track };
  });
  const id = drillId(name, injection);
  const pools = newPoolDrills(name, injection.fault, startAt, before.pools);
  const { stalls: held } = before.snapshot.machine;
  const stalls = { before: held, now: held };
  return {
    id,
    exchange: { name, label, wire },
    injection,
    startAt,
    links,
    pools,
    alarms: [],
    beside: [],
    stalls,
    closed: null,
  };
}

/** The exchange at whose address the first of these links stands now: after a loss it may be another than before. */
export function whereItStands(exchange: string, snapshot: Pick<Snapshot, 'order' | 'links'>): string {
  const [link] = linksAt(exchange, snapshot);
  const url = link === undefined ? '' : urlInUse(link);
  return url.startsWith(SCHEME) ? url.slice(SCHEME.length) : exchange;
}

/** The fault met nobody: no link or pool stood at this very exchange when it began. */
export const metNobody = ({ exchange, links, pools }: Drill): boolean =>
  pools.length === 0 && !links.some(({ before }) => standsAt(exchange.name, before));

/** What a report says of a fault that met nobody; empty else. */
export const nobodyText = (drill: Drill): string =>
  metNobody(drill) ? 'Nobody stood here when it began, so that nothing was tried.' : '';

/** The drill after these events, oldest first; the same object if none of them concerns it. */
export function fed(drill: Drill, events: readonly LinkEvent[]): Drill {
  const touched = new Set(drill.links.map(({ before }) => before.name));
  const alarms = events.flatMap((event): Alarm[] => {
    const text = falseAlarm(event, drill.startAt, touched);
    return text === null ? [] : [{ link: event.link, at: event.at, text }];
  });
  const links = drill.links.map((link) => {
    const track = events.reduce(follow, link.track);
    return track === link.track ? link : { ...link, track };
  });
  const same = alarms.length === 0 && links.every((link, index) => link === drill.links[index]);
  return same ? drill : { ...drill, links, alarms: [...drill.alarms, ...alarms] };
}

/** The drill after a frame of the pools. */
export function fedPools(drill: Drill, pools: Pools): Drill {
  return drill.pools.length === 0 ? drill : { ...drill, pools: drill.pools.map((one) => fedPool(one, pools)) };
}

/** Where a drill is, `now` on the engine's clock. */
export function momentOf({ injection, startAt, closed }: Drill, now: MonoMs): DrillMoment {
  const overMs = injection.endedAt === null ? null : injection.endedAt - injection.at;
  return { nowMs: closed?.atMs ?? Math.max(0, elapsedMs(startAt, now)), overMs, closed: closed !== null };
}

/** A link or a pool that a drill is about, with its timeline. */
export interface DrillSubjectRows {
  readonly kind: 'link' | 'pool';
  readonly name: string;
  readonly rows: readonly AnyRow[];
}

export const subjectsOf = (drill: Drill, moment: DrillMoment): readonly DrillSubjectRows[] => [
  ...drill.links.map((link) => ({ kind: 'link', name: link.before.name, rows: rowsOf(drill, link, moment) }) as const),
  ...drill.pools.map((pool) => ({ kind: 'pool', name: pool.pool, rows: poolRowsOf(pool, moment) }) as const),
];

/** Nothing as long as it is not known what is promised. */
export function rowsOf(drill: Drill, { promises, track }: LinkDrill, moment: DrillMoment): readonly TimelineRow[] {
  return promises === null ? [] : timeline(promises, { track, alarms: falseAlarms(drill) }, moment);
}

export function withStalls(drill: Drill, stalls: number): Drill {
  return stalls === drill.stalls.now ? drill : { ...drill, stalls: { ...drill.stalls, now: stalls } };
}

/** What a report says of this machine where something was missed; empty if it was awake all the time. */
export function stallsText({ stalls }: Drill, rows: readonly Pick<TimelineRow, 'standing'>[]): string {
  const times = stalls.now - stalls.before;
  if (times <= 0 || rows.every(({ standing }) => standing !== 'missed')) return '';
  return `This machine itself stood still ${times === 1 ? 'once' : `${times} times`} meanwhile: what was missed may be its doing.`;
}

/** Closed where nothing is left to be waited for; the same object else. */
export function closedIfOver(drill: Drill, now: MonoMs): Drill {
  if (wasCutShort(drill.injection)) return closedAs(drill, now, 'cut short');
  const moment = momentOf(drill, now);
  const settled = drill.links.every((link) => link.promises !== null && isSettled(rowsOf(drill, link, moment), moment));
  const poolsSettled = drill.pools.every(
    (pool) => pool.promises !== null && isSettled(poolRowsOf(pool, moment), moment),
  );
  return settled && poolsSettled && moment.overMs !== null ? closedAs(drill, now, 'settled') : drill;
}

export function closedAs(drill: Drill, now: MonoMs, why: DrillEnd): Drill {
  return { ...drill, closed: { atMs: Math.max(0, elapsedMs(drill.startAt, now)), why } };
}
