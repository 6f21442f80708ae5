import type { ApplyResult } from '../../shared/contract.ts';
import type { Outcome } from '../../shared/outcome.ts';
import { LateAnswers } from './lateAnswers.ts';
import { notYet } from './refusals.ts';

/** More than a slow certificate and a file that is being written take together. */
const LATE_MS = 10_000;

export interface HeldUpEditsPorts {
  /** The settings file. */
  readonly file: () => string;
  /** What a person must know on any page; `null` takes it back. */
  readonly warn: (sentence: string | null) => void;
  readonly log: (line: string) => void;
}

/** One edit; another may have the same words. */
interface Lost {
  readonly said: string;
}

/**
 * An Apply or Undo that the disk holds up is answered before it is done. When it is not done in the end that is said then,
 * of each: what runs may be an older text that was held up before it. It is said until one is applied that was asked for later.
 */
export class HeldUpEdits {
  readonly #ports: HeldUpEditsPorts;
  #lost: readonly Lost[] = [];
  readonly #lateAnswers = new LateAnswers(LATE_MS);

  constructor(ports: HeldUpEditsPorts) {
    this.#ports = ports;
  }

  /** What came of it, or after 10 s that it is not done yet. */
  of(what: 'Apply' | 'Undo', editing: Promise<Outcome<ApplyResult>>): Promise<Outcome<ApplyResult>> {
    const late = (): Outcome<ApplyResult> => {
      void editing.then((outcome) => this.#ended(what, outcome));
      return notYet(this.#ports.file());
    };
    const saidBefore = this.#lost;
    const followed = editing.then((outcome) => {
      if (whyNot(outcome) === null) this.#say(this.#lost.filter((lost) => !saidBefore.includes(lost)));
      return outcome;
    });
    return this.#lateAnswers.of(followed, late);
  }

  #ended(what: string, outcome: Outcome<ApplyResult>): void {
    const why = whyNot(outcome);
    if (why === null) return;
    const said = `${what} was not done, which the disk had held up: ${why}`;
    this.#ports.log(said);
    this.#say([...this.#lost, { said }]);
  }

  #say(lost: readonly Lost[]): void {
    this.#lost = lost;
    const all = lost.map(({ said }) => said).join('; ');
    this.#ports.warn(lost.length === 0 ? null : `${all}. Settings shows what runs, and your text`);
  }
}

/** `null` when it was done. */
function whyNot(outcome: Outcome<ApplyResult>): string | null {
  if (!outcome.ok) return outcome.problem.message;
  switch (outcome.value.kind) {
    case 'applied':
      return null;
    case 'problems':
      return 'the text has problems by now';
    case 'conflict':
      return 'the file was another by then, as of an Apply before it';
  }
}
