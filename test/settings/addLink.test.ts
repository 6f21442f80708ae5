import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftLink, trialConfig } from '../../src/main/settings/addLink.ts';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { evaluate } from '../../src/main/settings/running.ts';
import type { DraftedLink } from '../../src/shared/contract.ts';
import { presetCards } from '../../src/shared/presetCard.ts';
import { readDocument } from '../../src/shared/toml/document.ts';
import { editText } from '../../src/shared/toml/edit.ts';
import { linesOf } from '../../src/shared/toml/tables.ts';
import type { LinkDraft, TrialInput } from '../../src/shared/trial.ts';
import { surroundings } from './fixtures.ts';

const DRAFT: LinkDraft = {
  name: 'mine',
  preset: 'kraken_v2',
  url: null,
  subscribe: ['ticker:BTC/USD'],
  subscribeRaw: [],
  profile: 'trading',
  standby: false,
};

const INPUT: TrialInput = { preset: 'kraken_v2', url: null, subscribe: ['ticker:BTC/USD'], subscribeRaw: [] };

function drafted(text: string, change: Partial<LinkDraft> = {}): DraftedLink {
  const outcome = draftLink({ ...DRAFT, ...change }, { text, revision: 'r1' }, surroundings);
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

const problemOf = (change: Partial<LinkDraft>, text = '') => {
  const outcome = draftLink({ ...DRAFT, ...change }, { text, revision: 'r1' }, surroundings);
  return outcome.ok ? null : outcome.problem.kind;
};

function added(text: string): string {
  const outcome = editText(text, { kind: 'add', path: ['link', 'new'], keys: [['enabled', true]] });
  return outcome.ok ? outcome.value : outcome.problem.kind;
}

describe('a table that is added', () => {
  it.each([
    ['begins an empty file', '', '[link.new]\nenabled = true\n'],
    [
      'follows the last table beside it, before what comes next',
      '[link.a]\nurl = "x" # c\n\n# about the log\n[log]\n',
      '[link.a]\nurl = "x" # c\n\n[link.new]\nenabled = true\n\n# about the log\n[log]\n',
    ],
    [
      'leaves the comments of the table above with it',
      '[link.a]\nurl = "x"\n# profile = "quiet"\n\n[log]\n',
      '[link.a]\nurl = "x"\n# profile = "quiet"\n\n[link.new]\nenabled = true\n\n[log]\n',
    ],
    [
      'does not take the comments of the table below',
      '[link.a]\nurl = "x"\n# about the log\n[log]\n',
      '[link.a]\nurl = "x"\n\n[link.new]\nenabled = true\n# about the log\n[log]\n',
    ],
    ['goes to the end where there is none beside it', '[log]\n', '[log]\n\n[link.new]\nenabled = true\n'],
    ['needs no last newline', '[link.a]\nurl = "x"', '[link.a]\nurl = "x"\n\n[link.new]\nenabled = true\n'],
    ['keeps Windows line ends', '[link.a]\r\nx = 1\r\n', '[link.a]\r\nx = 1\r\n\r\n[link.new]\r\nenabled = true\r\n'],
    ['stands beside dotted keys', 'link.a.url = "x"\n', 'link.a.url = "x"\n\n[link.new]\nenabled = true\n'],
    ['cannot go into a finished inline table', 'link = { a = { url = "x" } }\n', 'cannot-edit'],
    ['cannot stand twice', '[link.new]\nurl = "x"\n', 'cannot-edit'],
    ['cannot be added to what is no TOML', '[link\n', 'broken-settings'],
  ])('[D3] %s', (_what, before, after) => {
    expect(added(before)).toBe(after);
  });

  it('[D3] whatever it holds reads back as it is, and every other byte stays', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 30 }), word, (name, list, value) => {
        const path = ['link', name];
        const outcome = editText(DEFAULT_SETTINGS_TEXT, {
          kind: 'add',
          path,
          keys: [
            ['url', value],
            ['subscribe', list],
          ],
        });
        if (!outcome.ok) throw new Error(outcome.problem.message);
        const text = outcome.value;
        const reading = readDocument(text);
        const { block, line } = (reading.ok ? linesOf(reading.document, path) : null) ?? { block: '', line: 0 };
        expect(text.replace(`\n${block}\n`, '')).toBe(DEFAULT_SETTINGS_TEXT);
        expect(text.split('\n').slice(line - 1, line - 1 + block.split('\n').length)).toEqual(block.split('\n'));
      }),
      { numRuns: 60 },
    );
  });
});

describe('draftLink', () => {
  it('[D5] a link goes below the others into the first settings file, and nothing else changes', () => {
    const { text, block, line, basedOn, problems, otherProblems } = drafted(DEFAULT_SETTINGS_TEXT);
    expect(block).toBe(
      '[link.mine]\npreset = "kraken_v2"\nprofile = "trading"\nsubscribe = ["ticker:BTC/USD"]\nenabled = true',
    );
    expect([basedOn, problems, otherProblems]).toEqual(['r1', [], []]);
    expect(text.split('\n')[line - 1]).toBe('[link.mine]');
    expect(text.replace(`\n${block}\n`, '')).toBe(DEFAULT_SETTINGS_TEXT);
    const order = evaluate(text, surroundings).good?.config.links.map(({ name }) => name) ?? [];
    expect(order.indexOf('mine')).toBe(order.indexOf('binance-spot') + 1);
  });

  it('[D5] lines over TCP, raw messages and a standby are written as they were chosen', () => {
    const { block, problems } = drafted('', {
      preset: null,
      url: 'tcp://127.0.0.1:9000',
      subscribe: [],
      subscribeRaw: ['SUBSCRIBE:"A"'],
      profile: null,
      standby: true,
    });
    expect(block).toBe(
      '[link.mine]\nurl = "tcp://127.0.0.1:9000"\nsubscribe_raw = ["SUBSCRIBE:\\"A\\""]\nstandby = true\nenabled = true',
    );
    expect(problems).toEqual([]);
  });

  it('[C2] a name that is taken, empty or unreadable is refused; any other text will do', () => {
    expect(problemOf({}, '[link.mine]\nurl = "ws://x/"\n')).toBe('name-taken');
    expect(problemOf({ name: '' })).toBe('bad-name');
    expect(problemOf({ name: ' a' })).toBe('bad-name');
    for (const name of ['a\u0007b', '__proto__']) {
      expect(drafted('', { name }).problems).toMatchObject([{ severity: 'error' }]);
    }
    for (const name of ['🦑 📈', 'constructor', 'a.b "c"', 'ירושלים']) {
      const text = evaluate(drafted('', { name }).text, surroundings);
      expect(text.good?.config.links.map((link) => link.name)).toEqual([name]);
    }
  });

  it('[C2] mistakes of the link are told apart from those of the rest of the file', () => {
    const text = '[link.old]\nurl = "wrong"\n';
    const { problems, otherProblems } = drafted(text, { subscribe: ['tickr:BTC/USD'] });
    expect(problems).toMatchObject([{ severity: 'error', nearest: 'ticker' }]);
    expect(otherProblems).toMatchObject([{ severity: 'error', line: 2 }]);
    expect(problemOf({}, '[oops')).toBe('broken-settings');
  });
});

describe('trialConfig', () => {
  it('[D5] what is tried is what would be added: the same values, with those of [connection]', () => {
    const text = '[connection]\nws_connect_timeout_secs = 7\n\n[link.trial]\nurl = "ws://x/"\n';
    const tried = trialConfig(INPUT, text, surroundings);
    if (!('config' in tried)) throw new Error('it has problems');
    const config = evaluate(drafted(text, { profile: null }).text, surroundings).good?.config;
    expect({ ...tried.config, name: 'mine' }).toEqual(config?.links.find(({ name }) => name === 'mine'));
    expect(tried.config.policy.connectTimeoutMs).toBe(7_000);
  });

  it('[D5] a settings file with mistakes keeps nobody from trying a venue', () => {
    for (const text of ['[oops', '[link.a]\nurl = "wrong"\n', '[link]\na.url = "wss://a/"\na enabled = false\n']) {
      expect(trialConfig(INPUT, text, surroundings)).toMatchObject({ config: { dialUrl: 'wss://ws.kraken.com/v2' } });
    }
  });

  it.each([
    ['a preset that vanished', { preset: 'kraken_v1' }, /there is no preset called "kraken_v1"/],
    ['an address that is none', { url: 'htp:/kraken' }, /url is "htp:/],
    ['no address at all', { preset: null, subscribe: [] }, /has no address/],
    ['a channel that is not there', { subscribe: ['tickr:A'] }, /no channel called "tickr"/],
    ['a channel without its symbol', { subscribe: ['ticker'] }, /names no symbol/],
    ['a demo that is not there', { preset: null, subscribe: [], url: 'demo://osaka' }, /no demo exchange called osaka/],
    ['a thousand and one symbols', { subscribe: symbols(1_001) }, /subscribe/],
    ['half of a character', { subscribe: ['ticker:\ud800'] }, /half of a character/],
  ] as const)('[D5] %s is told in the words of the settings', (_what, change, message) => {
    const tried = trialConfig(
      { ...INPUT, ...change, subscribe: [...((change as TrialInput).subscribe ?? INPUT.subscribe)] },
      '',
      surroundings,
    );
    expect('problems' in tried && tried.problems[0]?.message).toMatch(message);
  });

  it('[D5] a thousand symbols and emoji are taken as they are', () => {
    const names = [...symbols(998), 'ticker:🦑', 'ticker:B T C'];
    const tried = trialConfig({ ...INPUT, subscribe: names }, '', surroundings);
    expect('config' in tried && tried.config.subscriptions.map(({ name }) => name)).toEqual(names);
  });

  it('[C3] each preset can be tried with its first channel and its example', () => {
    for (const card of presetCards(surroundings.presets, () => false)) {
      const [channel] = card.channels;
      const subscribe =
        channel === undefined ? [] : [channel.wantsSymbol ? `${channel.name}:${card.example ?? 'X'}` : channel.name];
      const url = card.addresses.length === 0 ? 'wss://example.com/' : null;
      const tried = trialConfig({ preset: card.name, url, subscribe, subscribeRaw: [] }, '', surroundings);
      expect([card.name, 'config' in tried && tried.config.subscriptions.length]).toEqual([
        card.name,
        subscribe.length,
      ]);
    }
  });
});

function symbols(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `ticker:S${index}`);
}
