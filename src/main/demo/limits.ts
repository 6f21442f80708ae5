/** What a demo exchange gives a client, which any account of this machine may be. */

/** Connections at one port at a time. */
export const MAX_CONNECTIONS = 200;
/** A longer message or line is no request of a demo. */
export const LONGEST_MESSAGE = 64 * 1024;
/** A link with all that there is to subscribe to says a tenth of it. */
export const MAX_SAID_A_SECOND = 200;
/** Bytes that may wait in this process for a client that does not read. */
export const MAX_UNREAD_BYTES = 256 * 1024;
