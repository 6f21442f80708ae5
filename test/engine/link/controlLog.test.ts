import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ControlLog } from '../../../src/main/engine/link/controlLog.ts';
import { FakeClock } from '../../support/fakeClock.ts';

type Step =
  | { readonly do: 'ping' | 'message' | 'pong'; readonly text: string }
  | { readonly do: 'measure' | 'beat' | 'look'; readonly text?: never };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('ping', 'message', 'pong'), text: fc.string({ maxLength: 12 }) }),
    fc.record({ do: fc.constantFrom('measure', 'beat', 'look') }),
  ),
  { maxLength: 60 },
);

it('[L2] a ping whose entry waits for its pong stands in the log as if it had been written at once', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const clock = new FakeClock();
      const logs = [0, 1].map(() => new ControlLog({ clock, clean: (text) => text.replaceAll('a', '*') }));
      const [lazy, prompt] = logs as [ControlLog, ControlLog];
      const [writer, other] = [lazy.writer(1, false), prompt.writer(1, false)];
      let looked = 0;
      for (const step of taken) {
        clock.sleep(7);
        const text = step.text ?? '';
        if (step.do === 'look') {
          expect(lazy.since(looked)).toEqual(prompt.since(looked));
          looked = prompt.seq;
        } else if (step.do === 'measure') {
          for (const each of [writer, other]) each.measured(1.5, { late: true, stalled: false });
        } else if (step.do === 'beat') {
          for (const each of [writer, other]) each.beat(Buffer.from('beat'));
        } else if (step.do === 'pong') {
          for (const each of [writer, other]) each.received('pong', Buffer.from(text), 'protocol');
        } else if (step.do === 'message') {
          for (const each of [writer, other]) each.sent('message', text);
        } else {
          writer.pinged(text, 'protocol');
          other.sent('ping', text, 'protocol');
        }
        expect([lazy.seq, lazy.revision]).toEqual([prompt.seq, prompt.revision]);
      }
      expect(lazy.since(0)).toEqual(prompt.since(0));
    }),
  );
});
