import { expect, it } from 'vitest';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { presetCards } from '../../src/shared/presetCard.ts';

const PRESETS = builtInPresets();
const cardOf = (name: string, set: readonly string[] = []) => {
  const card = presetCards(PRESETS, (secret) => set.includes(secret)).find((one) => one.name === name);
  if (card === undefined) throw new Error(`there is no card of ${name}`);
  return card;
};

it('[C3] every built-in preset has a card, under a label of its own, with its source and how old its facts are', () => {
  const cards = presetCards(PRESETS, () => false);
  expect(new Set(cards.map(({ name }) => name))).toEqual(new Set(PRESETS.keys()));
  expect(new Set(cards.map(({ label }) => label)).size).toBe(cards.length);
  for (const card of cards)
    expect([card.name, card.source !== '', card.factsAsOf !== '']).toEqual([card.name, true, true]);
});

it('[C3] no sentence of a note is lost, and those from memory are told apart', () => {
  for (const card of presetCards(PRESETS, () => false)) {
    const note = PRESETS.get(card.name)?.note ?? '';
    for (const sentence of [...card.notes, ...card.fromMemory]) expect(note).toContain(sentence);
    expect([...card.notes, ...card.fromMemory].join('').length).toBeGreaterThanOrEqual(note.replace(/\s+/g, '').length);
  }
  const { notes, fromMemory } = cardOf('kraken_v2');
  expect(fromMemory.join()).toMatch(/^From memory, not from Kraken's documents: a connection without/);
  expect(notes.join(' ')).toMatch(/^The limit on messages is dynamic/);
});

it('[L10] a card names the credentials and whether they are set, and never their values', () => {
  expect(cardOf('alpaca_data', ['ALPACA_KEY']).secrets).toEqual([
    { name: 'ALPACA_KEY', isSet: true },
    { name: 'ALPACA_SECRET', isSet: false },
  ]);
  expect(cardOf('kraken_v2').secrets).toEqual([]);
});

it('[C3] heartbeat and limits are told in words, as they will be in force', () => {
  expect(cardOf('kraken_v2').heartbeat).toBe('a JSON ping every 15 s');
  expect(cardOf('kraken_v2').limits).toEqual(['5 messages a second, pings among them', '150 dials in 600 s']);
  expect(cardOf('demo_chicago').heartbeat).toBe('the text "PING" every 0.25 s');
  expect(cardOf('alpaca_data').heartbeat).toContain('RTT cannot be measured');
  expect(cardOf('demo_tokyo').heartbeat).toBe('a JSON ping every 0.25 s; pings of the venue’s own are answered');
  expect(cardOf('alpaca_data').limits).toContain('1 connection');
});
