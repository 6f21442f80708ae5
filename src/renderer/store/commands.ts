import { useMemo } from 'react';
import type { DemoFault } from '../../shared/demoFault.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { Engine } from './engine.ts';
import { useEngine } from './hooks.ts';

export interface Commands {
  reconnect(link: string, manner: 'graceful' | 'hard'): void;
  setPaused(link: string, paused: boolean): void;
  acknowledge(link: string): void;
  setBreaker(link: string, open: boolean): void;
  rotate(link: string): void;
  acknowledgeNotice(id: number): void;
  acknowledgeAllNotices(): void;
  /** `null` ends the quiet time. */
  muteNotices(forSecs: number | null): void;
  /** `null` ends the fault in force. */
  demoFault(exchange: string, fault: DemoFault | null): void;
  warmPool(pool: string): void;
  /** Answers how many sockets were closed; `null` if there was a problem. */
  destroyPool(pool: string): Promise<number | null>;
}

/** What a person can do to a link or a pool. A problem becomes a notice; success shows in its own state. */
export function useCommands(): Commands {
  const engine = useEngine();
  return useMemo(() => commandsOf(engine), [engine]);
}

function commandsOf(engine: Engine): Commands {
  const client = () => engine.store.getState().client;
  const watch = async (answer: Promise<Outcome<null>>): Promise<void> => {
    const outcome = await answer;
    if (!outcome.ok) engine.notify(outcome.problem);
  };
  return {
    reconnect: (link, manner) => void watch(client().reconnectLink({ link, manner })),
    setPaused: (link, paused) => void watch(client().setLinkPaused({ link, paused })),
    setBreaker: (link, open) => void watch(client().setBreaker({ link, open })),
    rotate: (link) => void watch(client().rotateLink({ link })),
    acknowledge: (link) => void watch(client().acknowledgeFailure({ link })),
    acknowledgeNotice: (id) => void watch(client().acknowledgeNotice({ id })),
    acknowledgeAllNotices: () => void watch(client().acknowledgeAll(null)),
    muteNotices: (forSecs) => void watch(client().muteNotices({ forSecs })),
    warmPool: (pool) => void watch(client().warmPool({ pool })),
    destroyPool: async (pool) => {
      const outcome = await client().destroyPool({ pool, protocol: null });
      if (!outcome.ok) engine.notify(outcome.problem);
      return outcome.ok ? outcome.value.closed : null;
    },
    demoFault: (exchange, fault) => void watch(client().demoFault({ exchange, fault })),
  };
}
