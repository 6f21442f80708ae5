import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluate } from '../../src/main/settings/running.ts';
import { surroundings } from './fixtures.ts';

const OTHER = '[link.other]\nurl = "wss://other/"\nmissed_pongs = "3"\n';

/** The links that a faulty text would dial at a start without anything better. */
const dialled = (text: string): string[] => {
  const { good, safePart } = evaluate(text, surroundings);
  expect(good).toBeNull();
  return safePart()
    .config.links.filter(({ enabled }) => enabled)
    .map(({ name }) => name);
};

const DEEP = Array(20_000).fill('a').join('.');

it.each([[`${DEEP} = 1\n`], [`[z]\n${DEEP} = 1\n`], [`[${DEEP}]\n`], [`[link.other.${DEEP}]\n`]])(
  '[C2] a key of thousands of parts costs no link',
  (deep) => {
    expect(dialled(`${OTHER}${deep}`)).toEqual(['other']);
  },
);

const OFF = `${OTHER}[link.off]\nurl = "wss://off/"\n`;
const NEXT = '[link.next]\nurl = "wss://next/"\n';

it.each([
  ['# more_urls = ["wss://b/",\n  "wss://c/"]'],
  ['# more_urls = ["wss://b/",\n  "wss://c/",\n  "wss://d/"]'],
  ['# more_urls = [\n  "wss://c/",\n]'],
  ['# more_urls = [\n  "wss://c/" ]'],
  ['# more_urls = [\n  ["wss://c/"]'],
  ['# more_urls = [\n  ["wss://c/"],'],
  ['# more_urls = [\n  ["wss://c/"],\n  ["wss://d/"]\n]'],
  ['# subscribe = [\n  BTC, ETH]'],
])('[C2] a paused link is not dialled when the first line of a list in its table is gone: %s', (list) => {
  expect(dialled(`${OFF}${list}\nenabled = false\n${NEXT}`)).toEqual(['other', 'next']);
});

it.each([
  ['[link]\noff.url = "wss://off/"\n# off.more_urls = ["wss://b/",\n"wss://c/"]\noff.enabled = false\n'],
  ['link.off.url = "wss://off/"\n# link.off.more_urls = [\n["wss://b/"],\nlink.off.enabled = false\n'],
])('[C2] nor where the table is one of more links: %s', (text) => {
  expect(dialled(`${text}${NEXT}`)).not.toContain('off');
});

it.each([
  ['[link]\npaused.url = "wss://off/"\npause.enabled = false\n', 'paused'],
  ['[link]\npaused.url = "wss://off/"\npause.enable = false\n', 'paused'],
  ['[link.paused]\nurl = "wss://off/"\n[link.Paused]\nenabled = false\n', 'paused'],
  ['lik."off too".enabled = false\n[link."off too"]\nurl = "wss://off/"\n', 'off too'],
  ['[link."off too"]\nurl = "wss://off/"\n[lik."off too"]\nenabled = false\n', 'off too'],
  ['[link.off]\nurl = "wss://off/"\n[off]\nenabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\nlink.off.enabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\n[link]\nenabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\n[lik]\nenabled = false\n', 'off'],
  ['enabled = false\n[link.off]\nurl = "wss://off/"\n', 'off'],
  ['[link]\noff.url = "wss://off/"\noffenabled = false\n', 'off'],
  ['[link]\noff.url = "wss://off/"\no=ff.enabled = false\n', 'off'],
  ['link.off.url = "wss://off/"\nl=ink.off.enabled = false\n', 'off'],
  ['link.off.url = "wss://off/"\nlinkoff.enabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\nena.bled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\n[enabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\n[log]\nlevel = "debug"\nenabled = false\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\npaused = true\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\ndisabled = true\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\npaused = "yes"\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\npause = 1\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\nactive = "no"\n', 'off'],
  ['[link.off]\nurl = "wss://off/"\nstate = "Paused"\n', 'off'],
])('[C2] a link is not dialled where the name on the way to its pause is misspelt: %s', (text, name) => {
  expect(dialled(text)).not.toContain(name);
});

it.each([
  ['[connection]\n[link.off]\nurl = "wss://off/"\n[connection]\nenabled = false\n'],
  ['[link.zeta]\nurl = "wss://z/"\n[link.off]\nurl = "wss://off/"\n[link.zeta]\n"enabled" = false\n'],
  ['[log]\n[link.off]\nurl = "wss://off/"\n[log]\nlevel = "info"\n[log]\npaused = true\n'],
  ['[link.off]\nurl = "wss://off/"\n[gate]\nlink.off.enabled = false\n'],
  ['[link.off]\nurl = "wss://off/"\n[pool.p]\norigins = ["https://p/"]\nlink.off.enabled = false\n'],
  ['[link.off]\nurl = "wss://off/"\n[pool]\nlink.off.enabled = false\n'],
])('[C2] nor where another table came between it and its pause: %s', (text) => {
  expect(dialled(`${OTHER}${text}`)).not.toContain('off');
});

it.each([
  ['[lik.gone]\nurl = "wss://gone/"\nenabled = false\n'],
  ['[link.third]\nenabled = false\n'],
  ['[loog]\nlevel = "debug"\n'],
  ['[pool.p]\norigins = ["https://p/"]\nenabld = false\n'],
  ['[link.third\nenabled = false\n'],
  ['[api]\nenabld = true\n'],
  ['[log]\nlevel = "debug"\n[log]\nlevel = "info"\n'],
  ['[pool.one]\norigins = ["https://p/"]\nenabled = false\ntypo = 1\n'],
])('[C2] what is said of something else costs no link: %s', (text) => {
  expect(dialled(`[link.one]\nurl = "wss://one/"\n${text}${NEXT}`)).toEqual(['one', 'next']);
});

it('[C2] nor does a misspelt key that has another meaning', () => {
  expect(dialled('[link.one]\nurl = "wss://one/"\nstandbye = true\n')).toEqual(['one']);
  expect(dialled('[link.one]\nurl = "wss://one/"\ncolour = "orange"\n')).toEqual(['one']);
});

it('[C2] one character put in or taken out anywhere leaves a text that is good, or that does not dial a paused link', () => {
  const text = fc.constantFrom(
    `${OFF}more_urls = ["wss://b/",\n  "wss://c/"]\nprofile = "trading"\nenabled = false\n${NEXT}`,
    '[link]\nfirst.url = "wss://a/"\noff.url = "wss://off/"\noff.enabled = false\nnext.url = "wss://n/"\n',
    'link.off.url = "wss://off/"\nlink.off.enabled = false\nlink.next.url = "wss://n/"\n',
  );
  const put = fc.constantFrom('', ...'"[]=\n.x\',{}');
  fc.assert(
    fc.property(text, fc.nat(), put, (whole, place, character) => {
      const at = place % whole.length;
      const damaged = whole.slice(0, at) + character + whole.slice(character === '' ? at + 1 : at);
      const { good, safePart } = evaluate(damaged, surroundings);
      const off = safePart().config.links.find(({ name }) => name === 'off');
      expect(good !== null || off?.enabled !== true, damaged).toBe(true);
    }),
    { numRuns: 300 },
  );
});
