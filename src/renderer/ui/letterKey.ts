/**
 * A press as the table of actions writes it: `r`, `Shift r`; other keys keep their name. Shift decides and not the letter's
 * case, which CapsLock turns round: a graceful reconnect must never become a cut by it.
 */
export function letterKey({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): string {
  if (!/^[a-z]$/i.test(key)) return key;
  return `${shiftKey ? 'Shift ' : ''}${key.toLowerCase()}`;
}
