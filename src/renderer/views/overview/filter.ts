import { stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { unfitText } from '../../../shared/unfitReason.ts';
import { verdictText } from '../../../shared/verdict/verdict.ts';
import { isPaused, mayTrade, whyText } from '../../standing.ts';

export const QUICK = ['unfit', 'paused', 'demo'] as const;
export type Quick = (typeof QUICK)[number];

/** What the table is narrowed to. Quick filters widen each other (unfit or paused); text and venue narrow further. */
export interface Filter {
  readonly text: string;
  readonly quick: readonly Quick[];
  readonly venue: string | null;
}

export const NO_FILTER: Filter = { text: '', quick: [], venue: null };

export const isFiltering = ({ text, quick, venue }: Filter): boolean =>
  text.trim() !== '' || quick.length > 0 || venue !== null;

export const isQuick: Readonly<Record<Quick, (link: LinkView) => boolean>> = {
  unfit: (link) => !isPaused(link) && !mayTrade(link),
  paused: isPaused,
  demo: ({ about }) => about.demo,
};

/** Every word of the text must be in the name, venue, state, reasons or verdicts; case does not matter. */
export function matches(link: LinkView, { text, quick, venue }: Filter): boolean {
  if (venue !== null && link.about.venue !== venue) return false;
  if (quick.length > 0 && !quick.some((one) => isQuick[one](link))) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const searched = searchedText(link).toLowerCase();
  return words.every((word) => searched.includes(word));
}

function searchedText(link: LinkView): string {
  const { name, about, state, health, fit, verdicts } = link;
  const parts = [name, about.venue, stateWord(state), health.level, whyText(link)];
  if (!fit.fit) parts.push(unfitText(fit.reasons));
  for (const verdict of verdicts) parts.push(verdictText(verdict));
  return parts.join('\n');
}

/** The venues that there are, each once, in alphabetical order. */
export function venuesOf(links: readonly LinkView[]): readonly string[] {
  return [...new Set(links.map(({ about }) => about.venue))].sort((a, b) => a.localeCompare(b));
}
