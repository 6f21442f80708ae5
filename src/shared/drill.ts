import { eventText, type LinkEvent } from './events.ts';
import { reasonText, stateWord } from './linkState.ts';
import type { Milestone } from './promised.ts';
import { elapsedMs, type MonoMs } from './units.ts';
import { verdictText } from './verdict/verdict.ts';

/** A milestone that was reached: when, counted from the fault, and what was said of it. */
export interface Mark {
  readonly ms: number;
  readonly text: string;
}

export type Marks = Readonly<Partial<Record<Milestone, Mark>>>;

/** The link that a drill is about, as it was when the fault began. */
export interface DrillSubject {
  readonly link: string;
  readonly generation: number;
  /** The fault's beginning on the engine's own clock. */
  readonly startAt: MonoMs;
}

/**
 * What became of one link since the fault.
 *
 * 1. An event of another link, from before the fault, or of a socket older than the one in use changes nothing.
 * 2. What shows a loss is marked once, the first time; what shows the recovery is taken back by the next loss.
 */
export interface Track {
  readonly subject: DrillSubject;
  /** The socket in use, as far as events tell. */
  readonly generation: number;
  /** Lost, and not yet restored. */
  readonly down: boolean;
  readonly losses: number;
  readonly dials: number;
  readonly marks: Marks;
}

/** The fault's beginning and an event's time come from two threads whose clocks are compared to a millisecond. */
const CLOCK_GRAIN_MS = 2;

/** Whether something at `at` was before the fault that began at `startAt`, as far as that can be told. */
export const wasBefore = (at: MonoMs, startAt: MonoMs): boolean => elapsedMs(startAt, at) < -CLOCK_GRAIN_MS;

export const newTrack = (subject: DrillSubject): Track => ({
  subject,
  generation: subject.generation,
  down: false,
  losses: 0,
  dials: 0,
  marks: {},
});

/** The track after one more event; the same object where the event changes nothing. */
export function follow(track: Track, event: LinkEvent): Track {
  const { subject } = track;
  const { happening } = event;
  if (event.link !== subject.link || wasBefore(event.at, subject.startAt)) return track;
  // A standby may be older than the socket whose place it takes.
  if (event.generation < track.generation && happening.kind !== 'promoted') return track;
  const marked = (milestone: Milestone, text = eventText(happening)): Track => mark(track, milestone, event, text);
  switch (happening.kind) {
    case 'state':
      return stateCame({ ...track, generation: event.generation }, event, happening);
    case 'socket-ended': {
      const lost = { ...recoveryUndone(track), generation: event.generation, down: true, losses: track.losses + 1 };
      const ended = mark(lost, 'ended', event, reasonText(happening.reason));
      return happening.reason.kind === 'dead' ? mark(ended, 'dead', event, reasonText(happening.reason)) : ended;
    }
    case 'opened':
      return track.down ? put(track, 'opened', event, eventText(happening)) : track;
    case 'restored':
      return track.down ? { ...put(track, 'restored', event, eventText(happening)), down: false } : track;
    case 'replaced':
      return { ...marked('replaced'), generation: event.generation, down: false };
    case 'promoted': {
      if (!track.down) return track;
      const taken = { ...mark(track, 'promoted', event, 'a ready socket took over'), generation: event.generation };
      return { ...put(taken, 'restored', event, 'it was up and subscribed'), down: false };
    }
    case 'verdict':
      return track.marks.ended === undefined && track.marks.suspect === undefined
        ? track
        : marked('verdict', verdictText(happening.verdict));
    case 'gate':
      return happening.gate.kind === 'open' ? gateOpened(track, event) : without(marked('gate-closed'), 'gate-open');
    case 'health':
      if (happening.to !== 'healthy') return without(track, 'healthy');
      return put(track, 'healthy', event, eventText(happening));
    case 'quiet':
      return marked('notice');
    case 'subscription':
      return happening.what === 'acked-but-silent' ? marked('notice') : track;
    default:
      return track;
  }
}

/** Something bad that happened to a link that this fault does not touch, in words; `null` if it is none of that. */
export function falseAlarm(event: LinkEvent, startAt: MonoMs, touched: ReadonlySet<string>): string | null {
  if (touched.has(event.link) || wasBefore(event.at, startAt)) return null;
  const { happening } = event;
  if (happening.kind === 'state' && happening.to.kind === 'suspect') return `${event.link} ${stateWord(happening.to)}`;
  // What a person or the settings asked for is no alarm.
  if (happening.kind !== 'socket-ended' || happening.reason.kind === 'asked') return null;
  return `${event.link} lost: ${reasonText(happening.reason)}`;
}

function stateCame(track: Track, event: LinkEvent, { to }: LinkEvent['happening'] & { kind: 'state' }): Track {
  if (to.kind === 'suspect') return mark(track, 'suspect', event, eventText(event.happening));
  if (to.kind !== 'connecting' || !track.down) return track;
  const dials = track.dials + 1;
  const text = `attempt ${to.attempt}`;
  return dials > 2 ? { ...track, dials } : { ...mark(track, dials === 1 ? 'dial' : 'redial', event, text), dials };
}

function gateOpened(track: Track, event: LinkEvent): Track {
  return track.marks['gate-closed'] === undefined ? track : put(track, 'gate-open', event, eventText(event.happening));
}

/** Marks it if it was not reached before. */
function mark(track: Track, milestone: Milestone, event: LinkEvent, text: string): Track {
  return track.marks[milestone] === undefined ? put(track, milestone, event, text) : track;
}

function put(track: Track, milestone: Milestone, event: LinkEvent, text: string): Track {
  const ms = Math.max(0, elapsedMs(track.subject.startAt, event.at));
  return { ...track, marks: { ...track.marks, [milestone]: { ms, text } } };
}

function without(track: Track, ...milestones: readonly Milestone[]): Track {
  if (milestones.every((one) => track.marks[one] === undefined)) return track;
  const kept = Object.entries(track.marks).filter(([name]) => !milestones.some((one) => one === name));
  return { ...track, marks: Object.fromEntries(kept) };
}

const recoveryUndone = (track: Track): Track => without(track, 'opened', 'restored', 'healthy', 'gate-open');
