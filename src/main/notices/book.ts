import { isOpenNotice, kept, type Notice, withNotices } from '../../shared/notice.ts';
import { kindOf } from '../../shared/noticeKind.ts';
import type { NoticeRule } from '../../shared/noticeRule.ts';
import type { WallMs } from '../../shared/units.ts';

/** Who acknowledged: a person among the notices, or on the page of a link that gave up. */
export type AcknowledgedBy = NonNullable<Notice['acknowledged']>['by'];

/** The notices that are kept. Every method answers what it changed; a wall clock that goes back only changes stamps. */
export class NoticeBook {
  #notices: readonly Notice[];
  #nextId: number;

  constructor(notices: readonly Notice[]) {
    this.#notices = kept(notices);
    this.#nextId = 1 + Math.max(0, ...notices.map(({ id }) => id));
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  raise(rule: NoticeRule, name: string, text: string, wall: WallMs, muted: boolean): Notice {
    const { what, severity } = rule;
    return this.#keep({
      id: this.#nextId++,
      rule: rule.name,
      what,
      of: kindOf(what).of,
      name,
      severity,
      openedWall: wall,
      toldWall: wall,
      resolvedWall: null,
      acknowledged: null,
      text,
      muted,
    });
  }

  resolve(rule: string, name: string, wall: WallMs): Notice | null {
    const notice = this.openOf(rule, name);
    return notice === null ? null : this.#keep({ ...notice, resolvedWall: wall });
  }

  /** Told again with another text (row L7). */
  remind(notice: Notice, text: string, wall: WallMs, muted: boolean): Notice {
    return this.#keep({ ...notice, text, toldWall: wall, muted });
  }

  /** Told for the first time: it was raised in a quiet time that is over. */
  tellNow(notice: Notice, wall: WallMs): Notice {
    return this.#keep({ ...notice, toldWall: wall, muted: false });
  }

  acknowledge(notice: Notice, wall: WallMs, by: AcknowledgedBy): Notice {
    return this.#keep({ ...notice, acknowledged: { wall, by } });
  }

  byId(id: number): Notice | null {
    return this.#notices.find((notice) => notice.id === id) ?? null;
  }

  openOf(rule: string, name: string): Notice | null {
    return this.#notices.find((one) => isOpenNotice(one) && one.rule === rule && one.name === name) ?? null;
  }

  #keep(notice: Notice): Notice {
    this.#notices = withNotices(this.#notices, [notice]);
    return notice;
  }
}
