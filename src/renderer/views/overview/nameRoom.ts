import type { LinkView } from '../../../shared/linkView.ts';
import { textWidthPx } from '../../ui/textWidth.ts';

/** As `table.css` and `base.css` have a name's cell: its text, its swatch and padding, and what stands beside the text. */
export const NAME_FONT = '600 13px';
const VENUE_FONT = '11px';
const BADGE_FONT = '10px';
const BADGE_FRAME_PX = 12;
const GAP_PX = 6;
const AROUND_PX = 27;

export const BADGE = 'DEMO';

/** What the badge takes of its row, px. */
export const badgePx = (): number => GAP_PX + BADGE_FRAME_PX + Math.ceil(textWidthPx(BADGE, BADGE_FONT));

/** What a column of so many px has for a name and its badge. */
export const nameRoomPx = (columnPx: number): number => columnPx - AROUND_PX;

/** How wide the column of names is with all names and badges seen whole, and how wide with their venues where those are said. */
export interface NameWidths {
  readonly names: number;
  readonly venues: number;
}

/** A venue that is every link's says nothing beside their names. */
export const isVenueSaid = (links: readonly Pick<LinkView, 'about'>[]): boolean =>
  links.some(({ about }) => about.venue !== links[0]?.about.venue);

export function nameWidths(links: readonly Pick<LinkView, 'name' | 'about'>[], withVenues: boolean): NameWidths {
  let [names, venues] = [0, 0];
  for (const { name, about } of links) {
    const own = Math.ceil(textWidthPx(name, NAME_FONT)) + AROUND_PX + (about.demo ? badgePx() : 0);
    names = Math.max(names, own);
    if (withVenues && !about.demo)
      venues = Math.max(venues, own + GAP_PX + Math.ceil(textWidthPx(about.venue, VENUE_FONT)));
  }
  return { names, venues: Math.max(names, venues) };
}
