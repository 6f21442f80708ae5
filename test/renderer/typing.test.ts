import { expect, test } from 'vitest';
import { startTyping, type Typing, typingAt } from '../../src/renderer/views/settings/typing.ts';

const typing = (before: string, ...made: readonly string[]): Typing => ({ ...startTyping(before), made });

test('[D3] what is typed stays while the text follows it, one by one, also over what was there twice', () => {
  let held = typing('2', '1', '15', '1');
  for (const value of ['2', '1', '15', '1']) {
    const next = typingAt(held, value);
    expect(next?.typed).toBe('2');
    held = next ?? held;
  }
});

test('[D3] what is typed goes where the text says something else, or what it said before', () => {
  const followed = typingAt(typing('2', '0', '0.3'), '0.3');
  if (followed === null) throw new Error('it has followed');
  expect(typingAt(followed, '0.3')).toBe(followed);
  expect(typingAt(followed, '0.5')).toBeNull();
  expect(typingAt(followed, '2')).toBeNull();
});
