export interface TourStep {
  /** Where it points: the first of these that is on the page. */
  readonly at: readonly string[];
  readonly title: string;
  readonly text: string;
}

/** What a newcomer must know to read the overview. */
export const TOUR: readonly TourStep[] = [
  {
    at: ['.verdict-line strong', '.header'],
    title: 'The verdict',
    text: 'Over how many links you may trade now, and what is wrong with the others, worst first. The mark’s shape says it without its colour.',
  },
  {
    at: ['[data-tour="rtt"]', 'th[title*="99 of 100"]', 'table thead'],
    title: 'Round trips, and how many',
    text: 'p50, p95 and p99 of the last minute’s pings. Look at n beside them: under 20 samples they are grey, and say little.',
  },
  {
    at: ['[data-tour="gate"]', 'th[title*="Trading gate"]', 'table thead'],
    title: 'The trading gate',
    text: 'Whether a bot may send an order over this link now. It closes at once, and opens after 5 s without a complaint.',
  },
  {
    at: ['[data-tour="reconnect"]', 'button[aria-label^="Reconnect "]', 'table tbody'],
    title: 'Reconnect by a click',
    text: 'The new socket is up and subscribed before the old one closes. With Shift it is cut at once. Keys: r, Shift r.',
  },
  {
    at: ['nav a[href="#/add"]', '.header'],
    title: 'Your own venue',
    text: 'Choose one of 38 venues, type symbols, and try the connection before it is added. Settings has every key of it.',
  },
];
