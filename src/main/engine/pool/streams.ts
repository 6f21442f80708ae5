/** Most requests at a time on one HTTP/2 socket; a venue that allows fewer makes undici hold the rest back. */
export const STREAMS_PER_SOCKET = 100;
