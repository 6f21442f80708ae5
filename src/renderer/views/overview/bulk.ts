import type { AppClient } from '../../../shared/contract.ts';
import { isOpen } from '../../../shared/health.ts';
import { isHeldOpen, stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import type { Outcome } from '../../../shared/outcome.ts';
import { plural } from '../../format.ts';
import { isPaused } from '../../standing.ts';

/** What is done to every chosen link. `of` says what it does to one, or why it leaves it alone. */
interface Action {
  readonly text: string;
  readonly title: string;
  readonly of: (link: LinkView) => { readonly does: string } | { readonly skips: string };
  readonly run: (client: AppClient, link: string) => Promise<Outcome<null>>;
  /** Asked about before it is done, although nothing is open that it would cut. */
  readonly asks?: true;
  /** Each link gets a new socket, whose first pings close its gate while they are measured. */
  readonly measuresAnew?: true;
}

const unlessPaused = (link: LinkView, does: string) => (isPaused(link) ? { skips: 'paused' } : { does });
const unlessHeld = (link: LinkView, does: string) =>
  isHeldOpen(link.state) ? { skips: 'you hold its breaker open' } : unlessPaused(link, does);

export const ACTIONS = {
  reconnect: {
    text: 'Reconnect…',
    title: 'The new socket first, then the old one closes; the gate is closed while its first pings are measured',
    of: (link) => unlessHeld(link, 'makes a new socket first, then closes the old one; its gate is closed meanwhile'),
    run: (client, link) => client.reconnectLink({ link, manner: 'graceful' }),
    measuresAnew: true,
  },
  'reconnect hard': {
    text: 'Reconnect hard…',
    title: 'Cut at once, then dialled again',
    of: (link) => unlessHeld(link, isOpen(link.state) ? 'is cut now, then dialled again' : 'is dialled now'),
    run: (client, link) => client.reconnectLink({ link, manner: 'hard' }),
    asks: true,
    measuresAnew: true,
  },
  pause: {
    text: 'Pause…',
    title: 'Close and stay closed',
    of: (link) => unlessPaused(link, isOpen(link.state) ? 'closes its socket and stays closed' : 'is dialled no more'),
    run: (client, link) => client.setLinkPaused({ link, paused: true }),
  },
  resume: {
    text: 'Resume',
    title: 'Dial again',
    of: (link) => {
      if (!isPaused(link)) return { skips: 'not paused' };
      return { does: isHeldOpen(link.state) ? 'stays out of use until its breaker is closed' : 'is dialled' };
    },
    run: (client, link) => client.setLinkPaused({ link, paused: false }),
  },
  rotate: {
    text: 'Rotate…',
    title: 'A planned change of sockets, both open for the overlap; the gate is closed as for Reconnect',
    of: ({ state }) => (state.kind === 'up' ? { does: 'changes sockets' } : { skips: `${stateWord(state)}, not up` }),
    run: (client, link) => client.rotateLink({ link }),
    measuresAnew: true,
  },
  'open breaker': {
    text: 'Open breaker…',
    title: 'Take out of use: nothing is dialled until the breaker is closed',
    of: (link) => {
      if (isHeldOpen(link.state)) return { skips: 'held open already' };
      return unlessPaused(
        link,
        isOpen(link.state) ? 'is cut now and stays out of use' : 'stays out of use until its breaker is closed',
      );
    },
    run: (client, link) => client.setBreaker({ link, open: true }),
    asks: true,
  },
  'close breaker': {
    text: 'Close breaker',
    title: 'Dial again now',
    of: ({ state }) => {
      if (state.kind === 'blocked') return { does: 'is dialled' };
      return isHeldOpen(state) ? { does: 'is dialled once it is resumed' } : { skips: 'its breaker is not open' };
    },
    run: (client, link) => client.setBreaker({ link, open: false }),
  },
  acknowledge: {
    text: 'Acknowledge notices',
    title: 'No more hourly notices of links that gave up',
    of: ({ state }) => {
      if (state.kind !== 'failed') return { skips: 'has not given up' };
      return state.acknowledged ? { skips: 'acknowledged already' } : { does: 'is acknowledged' };
    },
    run: (client, link) => client.acknowledgeFailure({ link }),
  },
} as const satisfies Readonly<Record<string, Action>>;

export type ActionKey = keyof typeof ACTIONS;
export const ACTION_KEYS = Object.keys(ACTIONS) as readonly ActionKey[];
export const actionOf = (key: ActionKey): Action => ACTIONS[key];

export interface Plan {
  readonly action: ActionKey;
  readonly acts: readonly { readonly name: string; readonly does: string }[];
  readonly skips: readonly { readonly name: string; readonly why: string }[];
  /** Links whose open gate it closes while their new socket is measured. */
  readonly gates: readonly string[];
  /** It cuts something that is open, closes an open gate of several links at once, or is asked about for one link too. */
  readonly asks: boolean;
}

/** What an action would do to each of these links as they are now. */
export function planOf(action: ActionKey, links: readonly LinkView[]): Plan {
  const acts: { name: string; does: string }[] = [];
  const skips: { name: string; why: string }[] = [];
  for (const link of links) {
    const answer = actionOf(action).of(link);
    if ('does' in answer) acts.push({ name: link.name, does: answer.does });
    else skips.push({ name: link.name, why: answer.skips });
  }
  const names = new Set(acts.map(({ name }) => name));
  const acted = links.filter(({ name }) => names.has(name));
  const { asks: always, measuresAnew } = actionOf(action);
  const gates = measuresAnew ? acted.filter(({ gate }) => gate.kind === 'open').map(({ name }) => name) : [];
  const cuts = always || (action === 'pause' && acted.some(({ state }) => isOpen(state)));
  const asks = acts.length > 0 && (cuts || (acts.length > 1 && gates.length > 0));
  return { action, acts, skips, gates, asks };
}

/** Hands out the client, or says why there is none. */
type Ask = (run: (client: AppClient) => Promise<Outcome<null>>) => Promise<Outcome<null>>;

/** Does it to one link after the other, so that the settings file is written in order; `onStep` is told how many are done. */
export async function runPlan(ask: Ask, plan: Plan, onStep: (done: number) => void): Promise<string> {
  const failures: { name: string; message: string }[] = [];
  for (const [index, { name }] of plan.acts.entries()) {
    const outcome = await ask((client) => actionOf(plan.action).run(client, name));
    if (!outcome.ok) failures.push({ name, message: outcome.problem.message });
    onStep(index + 1);
  }
  return summary(plan, failures);
}

const NAMED = 3;

/** `Reconnect: 4 of 5 done; okx: the venue cannot be reached right now`. */
export function summary(
  { action, acts, skips }: Plan,
  failures: readonly { readonly name: string; readonly message: string }[],
): string {
  const parts = [`${acts.length - failures.length} of ${acts.length} done`];
  for (const { name, message } of failures.slice(0, NAMED)) parts.push(`${name}: ${message}`);
  if (failures.length > NAMED) parts.push(`and ${failures.length - NAMED} more`);
  if (skips.length > 0) parts.push(`${plural(skips.length, 'link')} left alone`);
  return `${actionOf(action).text.replace('…', '')}: ${parts.join('; ')}`;
}
