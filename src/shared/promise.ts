import { type DemoFault, lastsMs } from './demoFault.ts';
import { urlInUse } from './linkView.ts';
import { assertNever } from './outcome.ts';
import {
  AT_ONCE_MS,
  apart,
  everywhere,
  inWords,
  never,
  nothing,
  type Promised,
  type Promises,
  undisturbed,
  within,
} from './promised.ts';
import {
  firstDial,
  gateCloses,
  lossBefore,
  otherRoute,
  type PromiseFacts,
  recovered,
  standbyPromise,
  watchOf,
} from './promiseGround.ts';
import { whileMute, whileSlow } from './promiseOpen.ts';
import { recoveryOf, waitMs } from './recovery.ts';
import { probesMs } from './watchTimes.ts';

/** Row L4's own margin: suspect within 1.2 s where S is 1 s, dead within 3.3 s where the formula says 3. */
const SUSPECT_MARGIN_MS = 200;
const DEAD_MARGIN_MS = 300;
/** A loss that others may share is judged after 3 s. */
const VERDICT_MS = 3_500;

/** What is promised of this link under this fault. Pure: everything it knows is in the facts. */
export function promisesOf(fault: DemoFault, facts: PromiseFacts): Promises {
  const inUse = urlInUse(facts.link);
  if (inUse !== `demo://${facts.exchange}`) return undisturbed(`the link stands at ${inUse}, not here`);
  switch (fault.kind) {
    case 'kill':
    case 'refuse':
    case 'rate-limit':
      return afterReset(fault, facts);
    case 'freeze':
    case 'wrong-pong':
      return afterSilence(fault, facts);
    case 'slow':
      return whileSlow(fault, facts);
    case 'mute':
      return whileMute(fault, facts);
    case 'flaky':
      return byChance(fault, facts);
    case 'unavailable':
    case 'cut':
    case 'idle-close':
      return undisturbed('this fault is one of requests');
    default:
      return assertNever(fault);
  }
}

/** The sockets are reset: nothing is to be suspected, only to be replaced. */
function afterReset(fault: DemoFault & { kind: 'kill' | 'refuse' | 'rate-limit' }, facts: PromiseFacts): Promises {
  const { link, terms } = facts;
  const loss = lossBefore(facts);
  const other = otherRoute(facts);
  const lasts = fault.kind !== 'kill' && other === null;
  const recovery = recoveryOf(terms, loss, {
    lastsMs: lasts ? lastsMs(fault) : 0,
    lostMs: 0,
    dialMs: 0,
    atLeastMs: fault.kind === 'rate-limit' ? fault.retryAfterSecs * 1000 : 0,
  });
  return {
    ...undisturbed('this exchange resets its sockets'),
    suspect: never('a reset leaves nothing to suspect'),
    dead: apart('the socket ends by itself'),
    ended: within(AT_ONCE_MS, 'fault', 'a reset is known at once'),
    promoted: standbyPromise(link),
    replaced: apart('there is no socket that could be replaced'),
    verdict: within(VERDICT_MS, 'ended', '3 s are waited to know who else was lost'),
    notice: apart('the socket is gone before its data could be old'),
    dial: firstDial(facts, loss),
    redial: lasts
      ? secondDial(fault, facts, loss)
      : apart(other === null ? 'the first dial comes through' : `the first dial goes to ${other}`),
    ...recovered(facts, lasts ? 'over' : 'ended', recovery),
    'gate-closed': gateCloses(link, 'trouble', AT_ONCE_MS, 'at once with the socket'),
  };
}

function secondDial(fault: DemoFault, { terms }: PromiseFacts, loss: number): Promised {
  if (fault.kind === 'rate-limit') {
    const ms = fault.retryAfterSecs * 1000;
    // A timer may fire within its last millisecond.
    return { kind: 'not-before', ms: ms - 5, from: 'dial', why: `the venue asks to wait ${fault.retryAfterSecs} s` };
  }
  const ms = waitMs(terms, loss, 2);
  return within(ms + AT_ONCE_MS, 'dial', `the second wait, at most ${inWords(ms)}`);
}

/** The sockets stay open and prove nothing any more. */
function afterSilence(fault: DemoFault & { kind: 'freeze' | 'wrong-pong' }, facts: PromiseFacts): Promises {
  const { link, terms } = facts;
  const watch = watchOf(facts, fault.kind === 'freeze');
  if (watch === null) return unsaid('the link answers no ping and has not learned what silence means');
  if (link.budget !== null) return unsaid('the venue counts pings: probes come as its budget allows');
  const probing = probesMs(terms.missedPongs, null) + watch.limitMs;
  const deadMs = watch.ms + probing + DEAD_MARGIN_MS;
  if (deadMs > lastsMs(fault)) return shortSilence(fault, facts, watch.ms, deadMs);
  const loss = lossBefore(facts);
  const other = otherRoute(facts);
  const held = fault.kind === 'freeze' && facts.wire === 'WebSocket';
  const recovery = recoveryOf(terms, loss, {
    lastsMs: other === null ? lastsMs(fault) : 0,
    lostMs: probing,
    // What a dial in the fault costs at least: its timeout, or another death.
    dialMs: held ? terms.connectTimeoutMs : Math.min(1000, watch.limitMs) + probing,
    atLeastMs: 0,
  });
  return {
    ...everywhere(nothing('depends on when the fault ends')),
    suspect: within(watch.ms + SUSPECT_MARGIN_MS, 'fault', watch.why),
    dead: within(
      deadMs,
      'fault',
      `${terms.missedPongs} probes 0.5 s apart, each unanswered for ${inWords(watch.limitMs)}`,
    ),
    ended: within(deadMs, 'fault', 'with its death'),
    promoted: standbyPromise(link),
    replaced: nothing('only if the link is not suspect first'),
    verdict: within(VERDICT_MS, 'ended', '3 s are waited to know who else was lost'),
    notice: apart('the link is dead before its data could be old'),
    dial: firstDial(facts, loss),
    ...recovered(facts, other === null ? 'over' : 'ended', recovery, other === null && !held),
    'gate-closed': gateCloses(link, 'trouble', AT_ONCE_MS, 'at once with the suspicion'),
  };
}

const unsaid = (why: string): Promises => everywhere(nothing(why));

/** The fault may be over before the link has to be dead. */
function shortSilence(fault: DemoFault, { link }: PromiseFacts, suspectMs: number, deadMs: number): Promises {
  const open = nothing(`${inWords(lastsMs(fault))} may be too short: dead is promised within ${inWords(deadMs)}`);
  const suspect =
    suspectMs + SUSPECT_MARGIN_MS > lastsMs(fault)
      ? open
      : within(suspectMs + SUSPECT_MARGIN_MS, 'fault', 'as for a longer silence');
  return {
    ...everywhere(open),
    suspect,
    'gate-closed': gateCloses(link, 'trouble', AT_ONCE_MS, 'at once with the suspicion'),
  };
}

function byChance(fault: DemoFault & { kind: 'flaky' }, facts: PromiseFacts): Promises {
  const loss = lossBefore(facts);
  const recovery = recoveryOf(facts.terms, loss, { lastsMs: lastsMs(fault), lostMs: 0, dialMs: 0, atLeastMs: 0 });
  return {
    ...unsaid(`by chance, ${fault.percent} in a hundred`),
    suspect: never('a reset leaves nothing to suspect'),
    dead: never('a reset needs no probe'),
    dial: firstDial(facts, loss),
    restored: recovered(facts, 'over', recovery).restored,
  };
}
