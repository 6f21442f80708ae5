import { faultTitle } from '../../shared/demoFault.ts';
import { after, type MonoMs } from '../../shared/units.ts';
import type { Drill } from './drill.ts';
import { type Beside, causeOf } from './drillAlarms.ts';

/** The open drills with those that run beside them; what did not change keeps its identity. */
export function withBesides(drills: readonly Drill[]): readonly Drill[] {
  return drills.map((drill) => {
    if (drill.closed !== null) return drill;
    const beside = drills.filter((other) => other !== drill && overlaps(other, drill)).map(besideOf);
    return JSON.stringify(beside) === JSON.stringify(drill.beside) ? drill : { ...drill, beside };
  });
}

/** What a report says of the drills beside it; empty where none was in the way. */
export function besideText(drill: Pick<Drill, 'alarms' | 'beside' | 'links'>): string {
  const sentences = drill.beside.flatMap((other) => {
    const theirs = new Set(drill.alarms.filter((alarm) => causeOf(alarm, drill) === other).map(({ link }) => link));
    const shared = drill.links.map(({ before }) => before.name).filter((name) => other.links.includes(name));
    return [
      ...(theirs.size === 0
        ? []
        : [`${other.title} ran meanwhile: what it did to ${list(theirs)} is not counted here.`]),
      ...(shared.length === 0 ? [] : [`${other.title} ran meanwhile on ${list(shared)} too: either may be the cause.`]),
    ];
  });
  return sentences.join(' ');
}

function besideOf(drill: Drill): Beside {
  const title = `${faultTitle(drill.injection.fault)} on ${drill.exchange.label}`;
  const links = drill.links.map(({ before }) => before.name);
  return { id: drill.id, title, links, fromAt: drill.startAt, toAt: endOf(drill) };
}

const overlaps = (other: Drill, { startAt }: Drill): boolean => (endOf(other) ?? startAt) >= startAt;

const endOf = ({ startAt, closed }: Drill): MonoMs | null => (closed === null ? null : after(startAt, closed.atMs));

const list = (names: Iterable<string>): string => [...names].join(', ');
