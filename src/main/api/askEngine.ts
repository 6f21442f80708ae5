import { failed, type Outcome } from '../../shared/outcome.ts';
import { after } from '../../shared/units.ts';
import type { Clock } from '../engine/ports.ts';

/** For what changes something: a destroy may have to close many sockets. */
export const COMMAND_LIMIT_MS = 10_000;

/** The engine’s answer, or the problem `engine-silent` when none has come within so many ms: no caller waits for ever. */
export function answerWithin<T>(clock: Clock, limitMs: number, asked: Promise<Outcome<T>>): Promise<Outcome<T>> {
  return new Promise((resolve, reject) => {
    const cancel = clock.at(after(clock.now(), limitMs), () =>
      resolve(
        failed(
          'engine-silent',
          `the engine has not answered within ${limitMs / 1000} s`,
          'engine',
          'this machine is overloaded: look at the log, and ask again',
        ),
      ),
    );
    asked.then(resolve, reject).finally(cancel);
  });
}
