/** Under which name a page keeps the token of its host in its tab. */
export const TOKEN_KEY = 'warmwire.token';
