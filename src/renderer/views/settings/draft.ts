import type { SettingsView } from '../../../shared/settingsView.ts';

/** A text on disk and its name. `null`: known to be there, but not by name (a conflict said so). */
export interface DiskText {
  readonly revision: string | null;
  readonly text: string;
}

/**
 * One edit of the settings text.
 *
 * 1. The user's text is replaced only when it holds nothing unsaved, or when the user says so.
 * 2. `base` is what the edit started from; a text on disk that is neither base nor the user's own is a conflict.
 */
export interface Draft {
  readonly text: string;
  readonly base: DiskText;
  readonly disk: DiskText;
  /** The text that is being, or was just, applied: when it comes back from disk it is ours. */
  readonly applying: string | null;
}

export type DraftEvent =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'disk'; readonly disk: DiskText }
  | { readonly kind: 'applying' }
  | { readonly kind: 'applied'; readonly text: string }
  | { readonly kind: 'not-applied' }
  | { readonly kind: 'conflict'; readonly diskText: string }
  | { readonly kind: 'keep-mine' }
  | { readonly kind: 'load-disk' }
  | { readonly kind: 'revert' };

export const isDirty = (draft: Draft): boolean => draft.text !== draft.base.text;

export const inConflict = (draft: Draft): boolean =>
  isDirty(draft) && draft.disk.text !== draft.base.text && draft.disk.text !== draft.text && draft.applying === null;

export function stepDraft(draft: Draft, event: DraftEvent): Draft {
  switch (event.kind) {
    case 'typed':
      return { ...draft, text: event.text };
    case 'disk': {
      const { disk } = event;
      const ours = disk.text === draft.applying || disk.text === draft.text || disk.text === draft.base.text;
      if (ours) return { ...draft, base: disk, disk, applying: disk.text === draft.applying ? null : draft.applying };
      return isDirty(draft) ? { ...draft, disk } : { text: disk.text, base: disk, disk, applying: null };
    }
    case 'applying':
      return { ...draft, applying: draft.text };
    case 'applied': {
      // What was applied may already have been followed by a Pause or Resume that is written into it.
      if (draft.disk.text === event.text || draft.disk.text === draft.text)
        return { ...draft, base: draft.disk, applying: null };
      return { ...draft, base: { revision: draft.base.revision, text: event.text }, applying: event.text };
    }
    case 'not-applied':
      return { ...draft, applying: null };
    case 'conflict':
      return { ...draft, applying: null, disk: { revision: null, text: event.diskText } };
    case 'keep-mine':
      return { ...draft, base: draft.disk };
    case 'load-disk':
      return { ...draft, text: draft.disk.text, base: draft.disk };
    case 'revert':
      return { ...draft, text: draft.base.text };
  }
}

/** The edit to go on with: the one that was left unsaved in this browser, else what is on disk. */
export function startDraft(view: SettingsView, stored: string | null): Draft {
  const disk: DiskText = { revision: view.revision, text: view.text };
  const left = stored === null ? null : readStored(stored);
  if (left === null || left.text === view.text) return { text: view.text, base: disk, disk, applying: null };
  const base = left.base.text === view.text ? disk : left.base;
  return { text: left.text, base, disk, applying: null };
}

/** What to keep for the next start, `null` when nothing is unsaved. */
export const toStore = (draft: Draft): string | null =>
  isDirty(draft) ? JSON.stringify({ text: draft.text, base: draft.base }) : null;

/** One browser may look at several Warmwires: an edit belongs to the file that it was made of. */
const keyOf = (file: string): string => `warmwire.draft ${file}`;

export const loadStored = (file: string): string | null => localStorage.getItem(keyOf(file));

export function saveStored(file: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(keyOf(file));
    else localStorage.setItem(keyOf(file), text);
  } catch {
    // No room in the browser's storage: the edit then lives only in this tab.
  }
}

function readStored(text: string): { readonly text: string; readonly base: DiskText } | null {
  try {
    const value = JSON.parse(text) as { text?: unknown; base?: { text?: unknown; revision?: unknown } } | null;
    const base = value?.base;
    if (typeof value?.text !== 'string' || typeof base?.text !== 'string') return null;
    return {
      text: value.text,
      base: { text: base.text, revision: typeof base.revision === 'string' ? base.revision : null },
    };
  } catch {
    return null;
  }
}
