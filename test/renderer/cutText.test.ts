import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutterOf } from '../../src/renderer/ui/cutText.ts';

const lettersOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length;
const within = (letters: number) => (text: string) => lettersOf(text) <= letters;
const cutAll = (names: readonly string[], letters: number): readonly string[] =>
  names.map((name) => cutterOf(name, names)(within(letters)));

test('[D4] what fits is not cut', () => {
  expect(cutAll(['demo-tokyo', 'x', ''], 10)).toEqual(['demo-tokyo', 'x', '']);
});

test('[D4] names that are alike at both ends are cut where the symbol stays', () => {
  const names = ['binance-usdm-btcusdt-perp', 'binance-usdm-ethusdt-perp', 'bybit-linear-ethusdt-perp'];
  expect(cutAll(names, 18)).toEqual(['binan…btcusdt-perp', 'binan…ethusdt-perp', 'bybit-linear-…perp']);
});

test('[D4] names that differ at their ends only keep them', () => {
  expect(cutAll(['kraken-spot-orderbook-1', 'kraken-spot-orderbook-2'], 14)).toEqual([
    'kraken-spot-…1',
    'kraken-spot-…2',
  ]);
  expect(cutAll(['orderbookorderbooka', 'orderbookorderbookb'], 14)).toEqual(['order…derbooka', 'order…derbookb']);
});

test('[D4] where one cut leaves them alike, the word that differs is what is seen', () => {
  const names = ['btc', 'eth'].map((symbol) => `binance-orderbook-${symbol}usdt-perp-l2-l2-l2-a`);
  expect(cutAll(names, 15)).toEqual(['bin…btcusdt-pe…', 'bin…ethusdt-pe…']);
});

test('[D4] a name is cut between letters as they are seen, never within one', () => {
  const [family, accent] = ['👨‍👩‍👧‍👦', 'e\u0301'];
  expect(cutAll([family.repeat(20), accent.repeat(20)], 12)).toEqual([
    `${family.repeat(3)}…${family.repeat(8)}`,
    `${accent.repeat(3)}…${accent.repeat(8)}`,
  ]);
});

test('[D4] without room for a cut the name stays as it is', () => {
  expect(cutterOf('kraken-spot-orderbook', [])(within(3))).toBe('kraken-spot-orderbook');
});

test('[D4] no cut says the beginning twice, and an end shorter than usual is kept where there is room for no other', () => {
  expect(cutAll(['東京取引所接続主回線予備系統', 'W'.repeat(40), '😀☠'.repeat(9)], 9)).toEqual([
    '東京取…線予備系統',
    'WWW…WWWWW',
    '😀☠😀…☠😀☠😀☠',
  ]);
  const desks = ['aa1', 'aa2'].map((desk) => `${desk}${'x'.repeat(30)}`);
  expect(cutAll(desks, 6)).toEqual(['aa1…xx', 'aa2…xx']);
  expect(
    cutAll(
      ['desk1', 'desk2'].map((desk) => `${desk}${'z'.repeat(30)}`),
      6,
    ),
  ).toEqual(['desk1…', 'desk2…']);
  const ends = ['ab', 'cb'].map((end) => `desk${end}${'z'.repeat(30)}`);
  expect(cutAll(ends, 7)).toEqual(['deska…z', 'deskc…z']);
});

const letter = fc.constantFrom('i', 'W', '接', 'x', '-');
const stretch = fc.string({ unit: letter, maxLength: 90 });
const WIDTHS: Readonly<Record<string, number>> = { i: 0.5, W: 2, 接: 2 };
const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (WIDTHS[one] ?? 1), 0);

test('[D4] a cut name fits, and names that differ anywhere are told apart where there is room for what differs', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { minLength: 2, maxLength: 12 });
  const rooms = fc.integer({ min: 12, max: 60 });
  fc.assert(
    fc.property(stretch, numbers, stretch, rooms, (before, middles, after, room) => {
      const names = middles.map((middle) => `${before}${middle}${after}`);
      const cut = names.map((name) => cutterOf(name, names)((text) => widthOf(text) <= room));
      for (const text of cut) expect(widthOf(text)).toBeLessThanOrEqual(room);
      expect(new Set(cut).size).toBe(names.length);
    }),
  );
});

test('[D4] [C1] what is measured for a cut does not grow with the names and hardly with their length', () => {
  const numbers = Array.from({ length: 200 }, (_, i) => String(i).padStart(3, '0'));
  const families = [
    numbers.map((n) => `${'acme-capital-desk-'.repeat(6)}${n}${'-market-data-feed'.repeat(3)}-primary`),
    numbers.map((n) => `${'x'.repeat(100)}${n}${'y'.repeat(97)}`),
    numbers.map((n) => `${'x-'.repeat(Number(n) / 4)}${n}${'-y'.repeat(60)}`),
    numbers.map((n) => `${'x'.repeat(Number(n))}${'y'.repeat(200 - Number(n))}`),
  ];
  for (const names of families) {
    const cutters = names.map((name) => cutterOf(name, names));
    for (const room of [4, 12, 24, 60]) {
      let asked = 0;
      const fits = (text: string): boolean => {
        asked += 1;
        return text.length <= room;
      };
      const cut = cutters.map((cutter) => cutter(fits));
      expect(asked / names.length).toBeLessThan(24);
      if (room >= 12 && names !== families.at(-1)) expect(new Set(cut).size).toBe(names.length);
    }
  }
});
