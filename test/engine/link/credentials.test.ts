import { expect, it } from 'vitest';
import { fillHeaders, SecretMask } from '../../../src/main/engine/link/credentials.ts';
import { wallMs } from '../../../src/shared/units.ts';

const SECRET = ' ab+/cd "é"==\n';

it.each([
  ['as it was given', SECRET],
  ['as a header sends it', SECRET.trim()],
  ['inside a JSON text', JSON.stringify(SECRET)],
  ['in an address', `wss://venue/?key=${encodeURIComponent(SECRET)}`],
  ['in an address, trimmed', `wss://venue/?key=${encodeURIComponent(SECRET.trim())}`],
  ['in an address that only escapes what it must', `wss://venue/?key=${encodeURI(SECRET.trim())}`],
  ['as a form sends it', new URLSearchParams({ key: SECRET.trim() }).toString()],
])('[L10] a secret is hidden %s', (_, told) => {
  const mask = new SecretMask(() => SECRET);
  fillHeaders({ 'X-Key': '{secret:KEY}' }, mask.read, wallMs(0));
  const { text } = mask.clean({ text: told });
  expect(text).toContain('•••');
  for (const part of ['ab', 'cd', 'ab+/cd', 'ab%2B%2Fcd']) expect(text).not.toContain(part);
});

it('[L10] what is left of a secret of spaces hides nothing', () => {
  const mask = new SecretMask(() => '    a    ');
  mask.read('KEY');
  expect(mask.clean('a venue that says a word')).toBe('a venue that says a word');
});
