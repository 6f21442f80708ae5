/** A text on disk and its name. */
export interface DiskText {
  readonly revision: string;
  readonly text: string;
}

/** No text on disk is called so: what an edit started from without its name may not be written over. */
export const NAMELESS = '';

/** The unsaved edit as it is kept, and what it started from; `null` where nothing of the kind is kept. */
export function readStored(stored: string | null): { readonly text: string; readonly base: DiskText } | null {
  if (stored === null) return null;
  try {
    const value = JSON.parse(stored) as { text?: unknown; base?: { text?: unknown; revision?: unknown } } | null;
    const base = value?.base;
    if (typeof value?.text !== 'string' || typeof base?.text !== 'string') return null;
    const revision = typeof base.revision === 'string' ? base.revision : NAMELESS;
    return { text: value.text, base: { text: base.text, revision } };
  } catch {
    return null;
  }
}

/** Whether what is kept is an edit to this very text. */
export const isKeptEdit = (stored: string | null, text: string): boolean => readStored(stored)?.text === text;
