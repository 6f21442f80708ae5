import { wasBefore } from '../../shared/drill.ts';
import type { MonoMs } from '../../shared/units.ts';

/** Something bad that happened to a link that the drill itself does not touch. */
export interface Alarm {
  readonly link: string;
  readonly at: MonoMs;
  readonly text: string;
}

/** Another drill that runs in the same time, and the links that it touches. */
export interface Beside {
  readonly id: string;
  /** `Freeze 5 s on DEMO frankfurt` */
  readonly title: string;
  readonly links: readonly string[];
  readonly fromAt: MonoMs;
  /** `null` while it goes on. */
  readonly toAt: MonoMs | null;
}

/** What is looked at to tell whose doing an alarm is. */
interface Alarmed {
  readonly alarms: readonly Alarm[];
  readonly beside: readonly Beside[];
}

/** The alarms of which no other drill is the cause. It may be known later than the alarm that it explains. */
export const falseAlarms = (drill: Alarmed): readonly string[] =>
  drill.alarms.filter((alarm) => causeOf(alarm, drill) === null).map(({ text }) => text);

/** The drill beside this one that an alarm comes from. */
export const causeOf = ({ link, at }: Alarm, { beside }: Pick<Alarmed, 'beside'>): Beside | null =>
  beside.find((other) => other.links.includes(link) && !wasBefore(at, other.fromAt) && at <= (other.toAt ?? at)) ??
  null;
