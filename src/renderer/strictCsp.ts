import { setNonce } from 'get-nonce';
import { z } from 'zod';

/**
 * Makes the libraries live with the page's content security policy. Imported before everything else: zod must know
 * before the first schema is made that it may not compile code, and style tags need the nonce of this response.
 */
z.config({ jitless: true });

export const NONCE = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(NONCE);
