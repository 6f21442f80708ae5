import type { Kept } from '../../src/main/notices/noticeFile.ts';
import { Notices } from '../../src/main/notices/notices.ts';
import { resolveNotices } from '../../src/main/settings/resolveNotices.ts';
import type { LinkHappening } from '../../src/shared/events.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { Notice } from '../../src/shared/notice.ts';
import { withNotices } from '../../src/shared/notice.ts';
import type { NoticeSettings } from '../../src/shared/noticeRule.ts';
import type { PoolView } from '../../src/shared/pool.ts';
import type { Settings } from '../../src/shared/settings.ts';
import type { MachineView, Snapshot } from '../../src/shared/snapshot.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import { FakeLink } from '../renderer/fakeLinks.ts';

/** 2026-11-18, a Wednesday, 12:00 UTC. */
const START_WALL = Date.UTC(2026, 10, 18, 12);
const FRAME_MS = 250;
const SPEC = { venue: 'Demo', url: 'demo://x', rttMs: 5, state: 'up' } as const;
export const REFUSED = { kind: 'refused', address: '127.0.0.1:9', code: 'ECONNREFUSED' } as const;

/** What the settings say of notices. */
export function noticeSettings(notice: Settings['notice'] = {}, notices: Settings['notices'] = {}): NoticeSettings {
  const problems: string[] = [];
  const settings = resolveNotices(
    { notice, notices },
    ['okx', 'kraken'].map((name) => ({ of: 'links', name, groups: [] })),
    (_, path, message) => problems.push(`${path.join('.')}: ${message}`),
  );
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return settings;
}

/** Notices on an engine that a test makes up: two links that are up, and whatever is said of them. */
export class NoticeRig {
  now = monoMs(50_000);
  wall = wallMs(START_WALL);
  machine: MachineView = {
    loopP99Ms: 1,
    loopMaxMs: 2,
    rssBytes: 1e8,
    heapBytes: 1e7,
    heapLimitBytes: 1e9,
    inflatedBytes: 0,
    stalls: 0,
  };
  pools: readonly PoolView[] = [];
  readonly saved: Kept[] = [];
  readonly silenced: string[] = [];
  readonly notices: Notices;
  readonly #links = new Map<string, Partial<LinkView>>([
    ['okx', {}],
    ['kraken', {}],
  ]);
  #exists = new Set(['okx', 'kraken', 'rest']);
  #held: readonly Notice[] = [];

  constructor(settings: NoticeSettings = noticeSettings(), kept: Kept = { notices: [], quietUntil: null }) {
    this.notices = new Notices({
      kept,
      settings,
      save: (state) => this.saved.push(state),
      wall: () => this.wall,
      silenceFailure: (link) => this.silenced.push(link),
      log: () => undefined,
      exists: (_, name) => this.#exists.has(name),
      reliabilityTargetOf: () => 95,
    });
    this.notices.subscribe((frame) => {
      this.#held = withNotices(frame.kind === 'whole' ? [] : this.#held, frame.notices);
    });
  }

  /** As a page holds them: from the frames alone. */
  get all(): readonly Notice[] {
    return this.#held;
  }

  of(name: string): Notice | undefined {
    return this.#held.findLast((notice) => notice.name === name);
  }

  get open(): readonly string[] {
    return this.#held.filter(({ resolvedWall }) => resolvedWall === null).map(({ text }) => text);
  }

  /** What is different of a link from one that is up and well. */
  set(name: string, change: Partial<LinkView>): void {
    this.#links.set(name, change);
  }

  remove(name: string): void {
    this.#links.delete(name);
    this.#exists.delete(name);
  }

  event(link: string, happening: LinkHappening): void {
    this.notices.events([{ seq: 1, at: this.now, wall: this.wall, link, generation: 1, happening }]);
  }

  /** Lets time pass with a snapshot every quarter of a second. */
  run(ms: number): void {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      this.now = monoMs(this.now + FRAME_MS);
      this.wall = wallMs(this.wall + FRAME_MS);
      this.look();
    }
  }

  /** Time passes in which nobody looks: this machine sleeps. */
  sleep(ms: number): void {
    this.now = monoMs(this.now + ms);
    this.wall = wallMs(this.wall + ms);
  }

  look(): void {
    this.notices.observe(this.#snapshot(), this.pools);
  }

  #snapshot(): Snapshot {
    const links = Object.fromEntries(
      [...this.#links].map(([name, change]) => [name, wellLink(name, this.now, change)]),
    );
    return { at: this.now, wall: this.wall, machine: this.machine, order: [...this.#links.keys()], links };
  }
}

export const WELL = new FakeLink({ ...SPEC, name: '' }, () => 0.5, monoMs(0)).view(monoMs(0));

function wellLink(name: string, now: MonoMs, change: Partial<LinkView>): LinkView {
  const clocks = { bytesAt: now, pongAt: now, heartbeatAt: now, dataAt: now };
  const uptime = { ...WELL.uptime, day: { freshMs: 3_600_000, observedMs: 3_600_000 } };
  return { ...WELL, name, clocks, uptime, fit: { fit: true }, gate: { kind: 'open', since: now }, ...change };
}

export const down = (now: MonoMs): Partial<LinkView> => ({
  state: { kind: 'waiting', attempt: 2, delayMs: 1000, until: now, reason: REFUSED },
});
