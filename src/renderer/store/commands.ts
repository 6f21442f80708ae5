import { useMemo } from 'react';
import type { AppClient } from '../../shared/contract.ts';
import type { DemoFault } from '../../shared/demoFault.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { Engine } from './engine.ts';
import { useEngine } from './hooks.ts';
import { askNow } from './offline.ts';

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
  const asked = async <T>(ask: (client: AppClient) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const outcome = await askNow(engine, ask);
    if (!outcome.ok) engine.notify(outcome.problem);
    return outcome;
  };
  return {
    reconnect: (link, manner) => void asked((client) => client.reconnectLink({ link, manner })),
    setPaused: (link, paused) => void asked((client) => client.setLinkPaused({ link, paused })),
    setBreaker: (link, open) => void asked((client) => client.setBreaker({ link, open })),
    rotate: (link) => void asked((client) => client.rotateLink({ link })),
    acknowledge: (link) => void asked((client) => client.acknowledgeFailure({ link })),
    acknowledgeNotice: (id) => void asked((client) => client.acknowledgeNotice({ id })),
    acknowledgeAllNotices: () => void asked((client) => client.acknowledgeAll(null)),
    muteNotices: (forSecs) => void asked((client) => client.muteNotices({ forSecs })),
    warmPool: (pool) => void asked((client) => client.warmPool({ pool })),
    destroyPool: async (pool) => {
      const outcome = await asked((client) => client.destroyPool({ pool, protocol: null }));
      return outcome.ok ? outcome.value.closed : null;
    },
    demoFault: (exchange, fault) => void asked((client) => client.demoFault({ exchange, fault })),
  };
}
