import { stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import { unfitText } from '../../../shared/unfitReason.ts';
import { verdictText } from '../../../shared/verdict/verdict.ts';
import { countsDemo, isDegraded, kindOf, type Tile } from '../../band/kinds.ts';
import { whyText } from '../../standing.ts';

/** What the verdict counts: `unfit` is all of its unfit kinds. */
export type Quick = Tile | 'unfit' | 'demo';

/** What the table is narrowed to. Quick filters widen each other (down or slow); text and venue narrow further. */
export interface Filter {
  readonly text: string;
  readonly quick: readonly Quick[];
  readonly venue: string | null;
}

export const NO_FILTER: Filter = { text: '', quick: [], venue: null };

export const isFiltering = ({ text, quick, venue }: Filter): boolean =>
  text.trim() !== '' || quick.length > 0 || venue !== null;

/** Those that pass. Every word of the text must be in the name, venue, state, reasons or verdicts; case does not matter. */
export function passing(all: readonly LinkView[], { text, quick, venue }: Filter): readonly LinkView[] {
  const withDemo = countsDemo(all);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((link) => {
    if (venue !== null && link.about.venue !== venue) return false;
    if (quick.length > 0 && !quick.some((one) => isQuick(one, link, withDemo))) return false;
    if (words.length === 0) return true;
    const searched = searchedText(link).toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

function isQuick(quick: Quick, link: LinkView, withDemo: boolean): boolean {
  const kind = kindOf(link, withDemo);
  if (quick === 'degraded') return kind === 'fit' && isDegraded(link);
  if (quick === 'unfit') return kind !== 'fit' && kind !== 'paused' && kind !== 'demo';
  return kind === quick;
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
