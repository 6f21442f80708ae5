import { NoticeBook } from '../../src/main/notices/book.ts';
import { noticeText } from '../../src/main/notices/wording.ts';
import { resolveNotices } from '../../src/main/settings/resolveNotices.ts';
import type { Notice, NoticeRules, NoticesFrame } from '../../src/shared/notice.ts';
import type { NoticeKind, Severity } from '../../src/shared/noticeKind.ts';
import type { NoticeRule } from '../../src/shared/noticeRule.ts';
import { failed, type Outcome, ok } from '../../src/shared/outcome.ts';
import { wallMs } from '../../src/shared/units.ts';
import { type FakeWall, realWall } from './fakeTime.ts';

interface Raised {
  readonly severity?: Severity;
  readonly muted?: boolean;
  readonly agoMs?: number;
}

/** Notices that a test raises and resolves by hand; kept and worded by the product's own code. */
export class FakeNotices {
  readonly #wall: FakeWall;
  readonly #book = new NoticeBook([]);
  readonly #readers = new Set<(frame: NoticesFrame) => void>();
  #rules: NoticeRules = {
    ...resolveNotices(
      { notice: { slow: { what: 'p99-over', enter_ms: 150, severity: 'bad' }, memory: { enabled: false } } },
      [],
      () => undefined,
    ),
    pressedQuietUntil: null,
  };
  /** Ids that were acknowledged, in order. */
  readonly acknowledged: number[] = [];

  constructor(wall: FakeWall = realWall) {
    this.#wall = wall;
  }

  raise(what: NoticeKind, name: string, text: string, { severity, muted = false, agoMs = 0 }: Raised = {}): Notice {
    const rule = this.#rules.rules.find((one) => one.what === what) as NoticeRule;
    const wall = wallMs(this.#wall() - agoMs);
    const own = severity === undefined ? rule : { ...rule, severity };
    return this.#tell(this.#book.raise(own, name, text, wall, muted));
  }

  gaveUp(name: string, why: string): Notice {
    const rule = { what: 'gave-up', threshold: null } as const;
    return this.raise('gave-up', name, noticeText(rule, name, { kind: 'holds', why }, 0));
  }

  remind(notice: Notice, text: string): void {
    this.#tell(this.#book.remind(notice, text, this.#wall(), false));
  }

  resolve({ rule, name }: Notice, agoMs = 0): void {
    const notice = this.#book.resolve(rule, name, wallMs(this.#wall() - agoMs));
    if (notice !== null) this.#tell(notice);
  }

  listen(onValue: (frame: NoticesFrame) => void): () => void {
    onValue({ kind: 'whole', notices: this.#book.notices, rules: this.#rules });
    this.#readers.add(onValue);
    return () => void this.#readers.delete(onValue);
  }

  acknowledge = async ({ id }: { readonly id: number }): Promise<Outcome<null>> => {
    const notice = this.#book.byId(id);
    if (notice === null) return failed('unknown-notice', 'this notice is not kept any more', String(id), 'reload');
    this.acknowledged.push(id);
    this.#tell(this.#book.acknowledge(notice, this.#wall(), 'notices'));
    return ok(null);
  };

  acknowledgeAll = async (): Promise<Outcome<null>> => {
    for (const { id, acknowledged } of this.#book.notices) if (acknowledged === null) await this.acknowledge({ id });
    return ok(null);
  };

  mute = async ({ forSecs }: { readonly forSecs: number | null }): Promise<Outcome<null>> => {
    this.#rules = { ...this.#rules, pressedQuietUntil: forSecs === null ? null : this.#wall() + forSecs * 1000 };
    for (const reader of this.#readers) reader({ kind: 'change', notices: [], rules: this.#rules });
    return ok(null);
  };

  #tell(notice: Notice): Notice {
    for (const reader of this.#readers) reader({ kind: 'change', notices: [notice], rules: null });
    return notice;
  }
}
