import { draftLink } from '../../src/main/settings/addLink.ts';
import type { Surroundings } from '../../src/main/settings/resolve.ts';
import type { DraftedLink } from '../../src/shared/contract.ts';
import { failed, type Outcome } from '../../src/shared/outcome.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import { type PresetCard, presetCards } from '../../src/shared/presetCard.ts';
import type { SettingsView } from '../../src/shared/settingsView.ts';
import type { LinkDraft, TrialInput, TrialStage, TrialView } from '../../src/shared/trial.ts';

const facts = { source: 'https://example.com/docs', facts_as_of: '2026-11', example: 'BTC/USD' } as const;
const channels = { ticker: { subscribe: '{"s":"{symbol}"}' }, trade: { subscribe: '{"t":"{symbol}"}' } };

/** Venues of four kinds: public, with credentials, a demo, and one that only fills the list. */
const PRESETS = new Map([
  [
    'kraken_v2',
    PresetSchema.parse({
      ...facts,
      venue: 'Kraken',
      note: 'Heartbeats come about once a second. From memory: about 150 dials in 10 minutes.',
      url: 'wss://ws.kraken.com/v2',
      ping: { kind: 'json', send: '{"ping":{id}}', match: 'pong', id_field: 'id' },
      limits: { messages: 5, pings_count: true, ping_interval_max_secs: 50, subscriptions: 200 },
      channels,
    }),
  ],
  [
    'alpaca_data',
    PresetSchema.parse({
      ...facts,
      venue: 'Alpaca',
      example: 'AAPL',
      url: 'wss://stream.data.alpaca.markets/v2/iex',
      login: '{"key":"{secret:ALPACA_KEY}","secret":"{secret:ALPACA_SECRET}"}',
      ping: { kind: 'none' },
      channels,
    }),
  ],
  [
    'demo_tokyo',
    PresetSchema.parse({
      ...facts,
      venue: 'Demo Tokyo',
      example: 'BTC-USD',
      url: 'demo://tokyo',
      ping: { kind: 'protocol' },
      channels: { ...channels, trades: channels.trade },
    }),
  ],
  ['plain', PresetSchema.parse({ ...facts, venue: 'Plain', url: 'wss://example.com/ws', ping: { kind: 'protocol' } })],
]);

const SURROUNDINGS: Surroundings = {
  presets: PRESETS,
  demoAddresses: new Map([['tokyo', 'ws://127.0.0.1:43212/']]),
  demoCa: null,
  readCa: (path) => failed('no-file', 'there is no such file', path, 'check the path'),
};

/** One test that the page has asked for, in the hands of the spec. */
export interface FakeTrial {
  readonly input: TrialInput;
  stopped: boolean;
  tell(change: Partial<TrialView> & { readonly stage: TrialStage }): void;
}

const NOTHING_YET: Omit<TrialView, 'stage'> = {
  elapsedMs: 0,
  address: null,
  phase: null,
  phases: [],
  pings: [],
  pingsWanted: 10,
  subscriptions: [],
  firstDataMs: null,
};

/** The host's half of the wizard: real drafts on made-up venues, and trials that the spec plays. */
export class FakeVenues {
  readonly trials: FakeTrial[] = [];
  readonly #gone = new Set<string>();

  /** The venue vanishes, as with another version of Warmwire. */
  forget(preset: string): void {
    this.#gone.add(preset);
  }

  cards(): readonly PresetCard[] {
    const left = [...PRESETS].filter(([name]) => !this.#gone.has(name));
    return presetCards(new Map(left), (secret) => secret === 'ALPACA_KEY');
  }

  draft(draft: LinkDraft, view: SettingsView): Outcome<DraftedLink> {
    return draftLink(draft, view, SURROUNDINGS);
  }

  trial(input: TrialInput, onValue: (view: TrialView) => void): () => void {
    const trial: FakeTrial = {
      input,
      stopped: false,
      tell: (change) => onValue({ ...NOTHING_YET, ...change }),
    };
    this.trials.push(trial);
    return () => {
      trial.stopped = true;
    };
  }
}
