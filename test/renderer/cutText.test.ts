import { expect, test } from 'vitest';
import { cutName } from '../../src/renderer/ui/cutText.ts';

const lettersOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length;
const within = (letters: number) => (text: string) => lettersOf(text) <= letters;
const cutAll = (names: readonly string[], letters: number): readonly string[] =>
  names.map((name) => cutName(name, names, within(letters)));

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
  expect(cutName('kraken-spot-orderbook', [], within(3))).toBe('kraken-spot-orderbook');
});
