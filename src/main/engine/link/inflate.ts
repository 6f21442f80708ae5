import { gunzipSync } from 'node:zlib';

/**
 * The text of a gzip frame, or why there is none. Done at once and one at a time: queued inflation is how monitors have
 * run out of memory.
 */
export function inflate(frame: Buffer, maxBytes: number): Buffer | { readonly code: number; readonly message: string } {
  try {
    return gunzipSync(frame, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return { code: 1009, message: `a frame of ${frame.length} bytes inflates to more than ${maxBytes} bytes` };
    }
    return { code: 1007, message: 'a binary frame that is not valid gzip' };
  }
}
