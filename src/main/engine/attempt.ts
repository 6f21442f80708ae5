/**
 * Node gives up an address of several after this time and tries the next; it does not try them side by side. Its own 250 ms
 * would give up each address of a venue on the other side of the world, and book that as the time of the TCP handshake.
 */
export const ATTEMPT_MS = 1_000;
