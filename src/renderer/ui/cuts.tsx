import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type Commands, useCommands } from '../store/commands.ts';
import type { Engine } from '../store/engine.ts';
import { isStale, useEngine, useEngineState } from '../store/hooks.ts';
import { Confirm } from './Confirm.tsx';
import { type Cut, cutQuestion, isLive, type Question } from './linkQuestions.ts';

/** What takes the socket of a link. Of one that is live it is asked first; one that is not is acted on at once. */
export interface Cuts {
  reconnectHard(link: string): void;
  pause(link: string): void;
  openBreaker(link: string): void;
}

interface Asked {
  readonly link: string;
  readonly question: Question;
  readonly run: () => void;
  /** What had the focus, and gets it back; the body where nothing had it. */
  readonly opener: HTMLElement;
}

const asking = createStore<{ readonly asked: Asked | null }>(() => ({ asked: null }));

export function useCuts(): Cuts {
  const engine = useEngine();
  const commands = useCommands();
  return useMemo(() => cutsOf(engine, commands), [engine, commands]);
}

function cutsOf({ store }: Engine, commands: Commands): Cuts {
  const unlessLive = (cut: Cut, name: string, run: () => void): void => {
    const state = store.getState();
    const link = state.snapshot?.links[name];
    // Of an engine that is not heard nothing is asked: the command itself says why it is not done.
    if (link === undefined || !isLive(link) || isStale(state, performance.now())) return run();
    const { activeElement } = document;
    const opener = activeElement instanceof HTMLElement ? activeElement : document.body;
    asking.setState({ asked: { link: name, question: cutQuestion(cut, name), run, opener } });
  };
  return {
    reconnectHard: (name) => unlessLive('reconnect hard', name, () => commands.reconnect(name, 'hard')),
    pause: (name) => unlessLive('pause', name, () => commands.setPaused(name, true)),
    openBreaker: (name) => unlessLive('open breaker', name, () => commands.setBreaker(name, true)),
  };
}

const askNothing = (): void => asking.setState({ asked: null });

/** The question that is asked now. It goes with the page that it was asked on, and with the link that it is about. */
export function CutQuestion() {
  const { asked } = useStore(asking);
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => {
    window.addEventListener('hashchange', askNothing);
    return () => {
      window.removeEventListener('hashchange', askNothing);
      askNothing();
    };
  }, []);
  const gone = useEngineState(({ snapshot }) => asked !== null && snapshot?.links[asked.link] === undefined);
  useEffect(() => {
    if (gone) askNothing();
  }, [gone]);
  if (asked === null) return null;
  opener.current = asked.opener;
  const { title, act, text } = asked.question;
  return (
    <Confirm title={title} act={act} onAct={asked.run} onClose={askNothing} opener={opener}>
      {text}
    </Confirm>
  );
}
