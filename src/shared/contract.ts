import { z } from 'zod';
import type { ControlUpdate } from './controlFrame.ts';
import { type DemoExchange, DemoFaultSchema } from './demoFault.ts';
import { EngineConfigSchema, LinkConfigSchema } from './engineConfig.ts';
import type { LinkEvent } from './events.ts';
import type { GateView } from './gate.ts';
import type { IncidentsUpdate } from './incident.ts';
import type { LinkClocks } from './linkView.ts';
import { LONGEST_MUTE_SECS, type NoticesFrame } from './notice.ts';
import { HTTP_PROTOCOLS, type PoolsFrame } from './pool.ts';
import type { PresetCard } from './presetCard.ts';
import { type ClientOf, command, stream } from './rpc.ts';
import { type HistogramFrame, RTT_WINDOWS, type ScrapeFrame, type SeriesFrame } from './rttView.ts';
import type { ProbationView, SettingsChange, SettingsProblem, SettingsView } from './settingsView.ts';
import { SLICE_RANGES, type SlicesFrame } from './slices.ts';
import type { SnapshotFrame } from './snapshot.ts';
import { LinkDraftSchema, TrialInputSchema, type TrialView } from './trial.ts';

const LinkName = z.string().min(1).max(500);
const PoolName = z.string().min(1).max(500);
const Nothing = z.null();

/** The engine's own half: served by the worker thread to its host, and passed on to every window. */
const engineCommon = {
  /** Graceful: a new socket is up and subscribed before the old one closes. Hard: the old one is cut at once. */
  reconnectLink: command<null>()(z.strictObject({ link: LinkName, manner: z.enum(['graceful', 'hard']) })),
  /** Opened by hand, the breaker keeps the link from dialling until it is closed by hand. */
  setBreaker: command<null>()(z.strictObject({ link: LinkName, open: z.boolean() })),
  /** A new socket takes over now, make before break, with the proof of the overlap as an event. */
  rotateLink: command<null>()(z.strictObject({ link: LinkName })),
  /** Silences the hourly notice of a link that gave up. */
  acknowledgeFailure: command<null>()(z.strictObject({ link: LinkName })),
  /** Opens and asks whatever is missing of the wanted sockets, now. */
  warmPool: command<null>()(z.strictObject({ pool: PoolName })),
  /** Closes every socket of the pool, or of its origins of one protocol; it is warmed again by the next need of it. */
  destroyPool: command<{ readonly closed: number }>()(
    z.strictObject({ pool: PoolName, protocol: z.enum(HTTP_PROTOCOLS).nullable() }),
  ),
  /**
   * Four times a second all that changed (`null`). For a page that is `seen`, figures come with every fourth frame only, and
   * totals with every twentieth; for a `hidden` one a frame comes every two seconds, without figures.
   */
  snapshots: stream<SnapshotFrame>()(z.strictObject({ pace: z.enum(['seen', 'hidden']) }).nullable()),
  /** All pools, whole, at most four times a second and only when something changed. */
  pools: stream<PoolsFrame>()(Nothing),
  /** Every change of a link's trading gate, at once; the first value holds all gates. */
  gates: stream<Readonly<Record<string, GateView | null>>>()(Nothing),
  series: stream<SeriesFrame>()(Nothing),
  /** The first value holds the recent events, oldest first; later values only new ones. */
  events: stream<readonly LinkEvent[]>()(Nothing),
  /** The last pings, pongs, subscriptions, acks and closes of one link, over its sockets; no secret is in clear. */
  control: stream<ControlUpdate>()(z.strictObject({ link: LinkName })),
  /** Times in which a link that had been healthy was not: the last ones of all links, then what changes. */
  incidents: stream<IncidentsUpdate>()(Nothing),
  /** When one link's socket in use heard what, at most four times a second and only when something was heard. */
  clocks: stream<LinkClocks>()(z.strictObject({ link: LinkName })),
  /** The whole distribution of one window, once a second. */
  histogram: stream<HistogramFrame>()(z.strictObject({ link: LinkName, window: z.enum(RTT_WINDOWS) })),
  /** One link's last minutes in slices, once a second: the first value whole, then what is new or has changed. */
  slices: stream<SlicesFrame>()(z.strictObject({ link: LinkName, range: z.enum(SLICE_RANGES) })),
} as const;

export const engineContract = {
  ...engineCommon,
  /** Replaces the whole configuration; the engine works out what each link must do about it. */
  configure: command<null>()(EngineConfigSchema),
  /** This machine woke up, or its network changed: every link is asked at once whether it is alive. */
  wake: command<null>()(z.strictObject({ kind: z.enum(['sleep', 'network']) })),
  /** Everything that a scrape of metrics needs and a snapshot does not carry. */
  scrape: command<ScrapeFrame>()(Nothing),
  /** One connection like a link of this configuration, outside of all books; it ends by itself, or with the stream. */
  trial: stream<TrialView>()(LinkConfigSchema),
  /** Closes every socket (1000), then cuts what is left after the grace time; answers when nothing is open. */
  shutdown: command<null>()(Nothing),
} as const;

/** What the page is told about the program it talks to. */
export interface AppView {
  readonly version: string;
  readonly host: 'desktop' | 'headless';
  readonly settingsFile: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly demo: readonly DemoExchange[];
  /** A closed trading gate opens after the link has been fit for so long. */
  readonly gateReopenMs: number;
  /** p99 of how long what the engine tells waited for this program's host, over the last minute, ms (row H8). */
  readonly queueLagP99Ms: number;
  /** Things the user must know that belong to no link: the log cannot be written, the demo cannot start. */
  readonly warnings: readonly string[];
}

/** Where a link's or a pool's value in force comes from (row C1). */
export interface EffectiveValue {
  readonly key: string;
  readonly value: string;
  readonly unit: string;
  readonly source: 'link' | 'pool' | 'profile' | 'preset' | 'connection' | 'built in' | 'limit of the venue';
  /** Said where a value was held inside the venue's limit: both numbers. */
  readonly note: string | null;
}

export interface Preview {
  readonly problems: readonly SettingsProblem[];
  readonly changes: readonly SettingsChange[];
}

/** `conflict`: the file on disk is not the one this edit started from; nothing was written. */
export type ApplyResult =
  | {
      readonly kind: 'applied';
      readonly changes: readonly SettingsChange[];
      /** Names the text as it is on disk now. */
      readonly revision: string;
    }
  | { readonly kind: 'problems'; readonly problems: readonly SettingsProblem[] }
  | { readonly kind: 'conflict'; readonly diskText: string; readonly revision: string };

/** A link that the wizard would add, as it would stand in the settings file. */
export interface DraftedLink {
  /** The whole text with the link in it, and the revision that it is made from: for `applySettings`. */
  readonly text: string;
  readonly basedOn: string;
  /** The lines that are new, and the number of the first of them. */
  readonly block: string;
  readonly line: number;
  /** What is wrong with the link, or with the rest of the file. */
  readonly problems: readonly SettingsProblem[];
  readonly otherProblems: readonly SettingsProblem[];
}

const SettingsText = z.string().max(2_000_000);

export const appContract = {
  ...engineCommon,
  /** Pauses or resumes and writes `enabled` into the settings file; `unsaved` of the SettingsView says what could not be. */
  setLinkPaused: command<null>()(z.strictObject({ link: LinkName, paused: z.boolean() })),
  linkSettings: command<readonly EffectiveValue[]>()(z.strictObject({ link: LinkName })),
  /** The same of a pool; one that `warmup_urls` made has no table, and so no answer. */
  poolSettings: command<readonly EffectiveValue[]>()(z.strictObject({ pool: PoolName })),
  previewSettings: command<Preview>()(z.strictObject({ text: SettingsText })),
  /** `basedOn` is the `revision` of the SettingsView that the edit started from; `null` overwrites whatever is there. */
  /** `watch: false`: this edit is not taken back by itself, however its links do. */
  applySettings: command<ApplyResult>()(
    z.strictObject({ text: SettingsText, basedOn: z.string().nullable(), watch: z.boolean().optional() }),
  ),
  /** Takes back the last edit, as `undoText` of the SettingsView with the revision `basedOn` said. Never a Pause or Resume. */
  undoSettings: command<ApplyResult>()(z.strictObject({ basedOn: z.string() })),
  /** The edit that is being watched stays, and what was said of the last one is taken back. */
  keepSettings: command<null>()(Nothing),
  /** The values of one table of a text, set in it or not, and where each comes from; empty for a table it does not have. */
  explainSettings: command<readonly EffectiveValue[]>()(
    z.strictObject({ text: SettingsText, path: z.array(z.string().max(1000)).min(1).max(2) }),
  ),
  /** Every venue that Warmwire knows how to talk to. */
  presets: command<readonly PresetCard[]>()(Nothing),
  /** Changes nothing. Problems: `name-taken`, `bad-name`, `broken-settings`, `cannot-edit`. */
  draftLink: command<DraftedLink>()(LinkDraftSchema),
  /** Tries what would be added, once; opened again after a restart of the engine it begins anew. */
  trial: stream<TrialView>()(TrialInputSchema),
  /** `null` ends the fault in force. */
  demoFault: command<null>()(z.strictObject({ exchange: z.string(), fault: DemoFaultSchema.nullable() })),
  /** A person has seen it: it calls no more. One of a link that gave up ends the engine's hourly word too (row L7). */
  acknowledgeNotice: command<null>()(z.strictObject({ id: z.number().int() })),
  acknowledgeAll: command<null>()(Nothing),
  /** From now on notices are recorded and silent; `null` ends that. */
  muteNotices: command<null>()(z.strictObject({ forSecs: z.number().min(1).max(LONGEST_MUTE_SECS).nullable() })),
  notices: stream<NoticesFrame>()(Nothing),
  settings: stream<SettingsView>()(Nothing),
  probation: stream<ProbationView>()(Nothing),
  app: stream<AppView>()(Nothing),
} as const;

export type EngineClient = ClientOf<typeof engineContract>;
export type AppClient = ClientOf<typeof appContract>;
