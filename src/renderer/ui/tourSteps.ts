export interface TourStep {
  /** Where it points: the first of these that is on the page. */
  readonly at: readonly string[];
  readonly title: string;
  readonly text: string;
}

/** What a newcomer must know to read the overview. */
export const TOUR: readonly TourStep[] = [
  {
    at: ['.band-figure', '.header'],
    title: 'The verdict',
    text: 'How many links are fit to trade over now, and what is wrong with the others, worst first. Press a number to see its links. The mark’s shape says the same as its colour.',
  },
  {
    at: ['[data-tour="rtt"]', 'th[title*="99 of 100"]', 'table thead'],
    title: 'Round trips and their samples',
    text: 'p50, p95 and p99 of the last minute’s pings. n beside them is how many samples they stand on: under 20 they are grey, and say little.',
  },
  {
    at: ['[data-tour="gate"]', 'th[title*="Trading gate"]', 'table thead'],
    title: 'The trading gate',
    text: 'Whether a bot may send an order over this link now. It closes at the first complaint, and opens again after 5 s without one.',
  },
  {
    at: ['[data-tour="reconnect"]', 'button[aria-label^="Reconnect "]', 'table tbody'],
    title: 'Reconnect with a click',
    text: 'The new socket is up and subscribed before the old one closes. With Shift it is cut at once. Keys: r, Shift r.',
  },
  {
    at: ['nav a[href="#/add"]', '.header'],
    title: 'Your own venue',
    text: 'Choose a venue, type its symbols, and test the connection before it is added. Every key of it is in the settings.',
  },
];
