/** Whose doing an incident is (row H6). */
export type Blame = 'this machine' | 'our settings' | 'local network' | 'path' | 'venue' | 'unknown';

/** The closed list of causes: the documented ways in which market-data connections fail, and what a laptop adds. */
export const CAUSES = [
  'feed stalled',
  'venue quiet',
  'stale replay',
  'half-open',
  'half-closed',
  'heartbeat stopped',
  'scheduled restart',
  'abnormal close',
  'venue restart',
  'message rate limit',
  'pong payload mismatch',
  'server ping misanswered',
  'dial rate limit',
  'upgrade refused',
  'name resolution',
  'duplicate delivery',
  'not subscribed',
  'ack missing',
  'acknowledged but silent',
  'sequence gap',
  'ghost session',
  'credential used twice',
  'credentials refused',
  'message too big',
  'slow consumer',
  'memory',
  'local stall',
  'sleep',
  'route change',
  'unreachable',
  'tls',
  'protocol fault',
  'policy close',
  'settings fault',
  'pings unanswered',
] as const;
export type Cause = (typeof CAUSES)[number];

export interface Verdict {
  readonly cause: Cause;
  readonly blame: Blame;
  readonly certainty: 'sure' | 'likely' | 'possible';
  /** What it rests on, as clauses. */
  readonly evidence: readonly string[];
}

export const sure = (cause: Cause, blame: Blame, evidence: readonly string[]): Verdict => ({
  cause,
  blame,
  certainty: 'sure',
  evidence,
});

export const likely = (cause: Cause, blame: Blame, evidence: readonly string[]): Verdict => ({
  cause,
  blame,
  certainty: 'likely',
  evidence,
});

/** Whose doing it was, as a clause of its own: a bare `unknown` would not say what is not known. */
export const blameText = (blame: Blame): string => BLAME[blame];

const BLAME: Readonly<Record<Blame, string>> = {
  'this machine': 'by this machine',
  'our settings': 'by our settings',
  'local network': 'by the local network',
  path: 'by the path to the venue',
  venue: 'by the venue',
  unknown: 'who is to blame is not known',
};

export function verdictText({ cause, blame, certainty, evidence }: Verdict): string {
  return `${cause} (${certainty}, ${blameText(blame)}): ${evidence.join('; ')}`;
}

/** As evidence has times: `4.2 s`. */
export const secondsText = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const stallText = (ms: number): string => `this machine stood still for ${secondsText(ms)} just before`;
