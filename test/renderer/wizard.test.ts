import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRoute, routeHash } from '../../src/renderer/route.ts';
import { proposedName } from '../../src/renderer/views/wizard/proposedName.ts';
import { subscribeOf, symbolsIn } from '../../src/renderer/views/wizard/symbols.ts';
import { faultsOf, firstFault } from '../../src/renderer/views/wizard/whyNot.ts';
import { cardOf, choose, FRESH, trialInputOf, type WizardState } from '../../src/renderer/views/wizard/wizardState.ts';
import { FakeVenues } from './fakeVenues.ts';

const CARDS = new FakeVenues().cards();
const KRAKEN = { kind: 'preset', name: 'kraken_v2' } as const;
const OWN = { kind: 'own' } as const;

const chosen = (choice: WizardState['choice'], change: Partial<WizardState> = {}): WizardState => ({
  ...choose(FRESH, choice, CARDS),
  ...change,
});
const faultOf = (state: WizardState): string | null => firstFault(faultsOf(state, cardOf(state.choice, CARDS)));

it('[D5] symbols may be pasted with any of the usual separators; each counts once, in its order', () => {
  expect(symbolsIn(' BTC/USD,ETH/USD;\tSOL/USD\r\n BTC/USD\n\n')).toEqual(['BTC/USD', 'ETH/USD', 'SOL/USD']);
  const symbol = fc.stringMatching(/^[A-Z0-9/🦑-]{1,8}$/u);
  const gap = fc.stringMatching(/^[\s,;]{1,4}$/);
  fc.assert(
    fc.property(fc.uniqueArray(symbol), fc.array(gap, { minLength: 40, maxLength: 40 }), (symbols, gaps) => {
      expect(symbolsIn(symbols.map((one, index) => `${gaps[index % gaps.length]}${one}`).join(''))).toEqual(symbols);
    }),
  );
});

it('[D5] every chosen channel meets every symbol; one that takes none stands alone', () => {
  const channels = [
    { name: 'ticker', wantsSymbol: true },
    { name: 'status', wantsSymbol: false },
    { name: 'trade', wantsSymbol: true },
  ];
  expect(subscribeOf(channels, ['trade', 'status', 'gone', 'ticker'], ['A', 'B'])).toEqual([
    'ticker:A',
    'ticker:B',
    'status',
    'trade:A',
    'trade:B',
  ]);
});

it('[D5] a proposed name is free and can stand in the file without quotes', () => {
  expect(proposedName('kraken_v2', [])).toBe('kraken-v2');
  expect(proposedName('wss://ws.example.com:443/x?y', ['ws-example-com'])).toBe('ws-example-com-2');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('my-venue', 'my-venue-2', 'a')),
      (from, taken) => {
        const name = proposedName(from, taken);
        expect(name).toMatch(/^[A-Za-z0-9-]+$/);
        expect(taken).not.toContain(name);
      },
    ),
  );
});

it('[D5] a venue begins with its first channel and its example, and going back to it finds what was typed', () => {
  const kraken = chosen(KRAKEN);
  expect([kraken.channels, kraken.symbols]).toEqual([['ticker'], 'BTC/USD']);
  const typed = { ...kraken, symbols: 'SOL/USD', url: 'wss://my.own/', name: 'fast' };
  const own = choose(typed, OWN, CARDS);
  expect([own.symbols, own.url, own.name]).toEqual(['', '', null]);
  expect(choose(own, KRAKEN, CARDS)).toMatchObject({ symbols: 'SOL/USD', url: 'wss://my.own/', name: 'fast' });
});

it.each([
  ['nothing wrong', chosen(KRAKEN), null],
  ['no channel', chosen(KRAKEN, { channels: [] }), /^Choose at least one channel/],
  ['no symbol', chosen(KRAKEN, { symbols: ' , ' }), /^Type at least one symbol, such as BTC\/USD/],
  ['half of a character', chosen(KRAKEN, { symbols: 'A\ud83e' }), /cannot be sent/],
  ['emoji', chosen(KRAKEN, { symbols: '🦑' }), null],
  [
    'a thousand symbols where the venue takes 200',
    chosen(KRAKEN, { symbols: Array.from({ length: 1000 }, (_, i) => `S${i}`).join(' ') }),
    /^1,000 subscriptions, and Kraken takes on one connection 200/,
  ],
  ['an address typed wrong', chosen(KRAKEN, { url: 'wss:/ws.kraken.com' }), /is not an address; it is written wss:/],
  ['an own address that is missing', chosen(OWN), /^Type the address/],
  ['lines without a port', chosen(OWN, { url: 'tcp://feed.example.com' }), /is not an address/],
  ['lines', chosen(OWN, { url: 'tcp://feed.example.com:9000' }), null],
])('[D5] %s', (_what, state, wanted) => {
  if (wanted === null) expect(faultOf(state)).toBeNull();
  else expect(faultOf(state)).toMatch(wanted);
});

it('[D5] what is sent of an own address is its messages, one a line; of a preset none', () => {
  const own = chosen(OWN, { url: ' wss://x.example/ ', messages: '{"a":1}\n\n {"b":2}\n{"a":1}' });
  expect(trialInputOf(own, undefined)).toEqual({
    preset: null,
    url: 'wss://x.example/',
    subscribe: [],
    subscribeRaw: ['{"a":1}', '{"b":2}'],
  });
  expect(trialInputOf(chosen(KRAKEN, { messages: 'x' }), CARDS[0])).toMatchObject({ url: null, subscribeRaw: [] });
});

it('[D5] each step has an address of its own, and a wrong one begins at the first', () => {
  for (const step of ['venue', 'subscribe', 'test'] as const) {
    expect(parseRoute(routeHash({ view: 'add', step }))).toEqual({ view: 'add', step });
  }
  expect(parseRoute('#/add/nowhere')).toEqual({ view: 'add', step: 'venue' });
});
