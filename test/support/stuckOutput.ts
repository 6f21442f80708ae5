import { Writable } from 'node:stream';

/** An output that takes one piece and answers only when the test calls what waits. */
export function stuckOutput() {
  const waiting: (() => void)[] = [];
  const taken: string[] = [];
  const output = new Writable({
    write: (bytes, _encoding, done) => {
      taken.push(String(bytes));
      waiting.push(done);
    },
  });
  return { output, taken, waiting };
}
