import type { LinkEvent } from '../../shared/events.ts';
import { isOpen } from '../../shared/health.ts';

/** A stretch without an open socket; `toMs` is `null` while it goes on. */
export interface Away {
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** When a link had no open socket, as far as its events go back, oldest first. */
export function awayOf(events: readonly LinkEvent[], link: string): readonly Away[] {
  const away: Away[] = [];
  for (const { link: name, wall, happening } of events) {
    if (name !== link || happening.kind !== 'state') continue;
    const current = away.at(-1);
    const goesOn = current !== undefined && current.toMs === null;
    if (isOpen(happening.to)) {
      if (goesOn) away[away.length - 1] = { fromMs: current.fromMs, toMs: wall };
    } else if (isOpen(happening.from) && !goesOn) away.push({ fromMs: wall, toMs: null });
  }
  return away;
}
