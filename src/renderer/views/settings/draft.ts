import type { SettingsView } from '../../../shared/settingsView.ts';
import { withPresses } from './presses.ts';
import { type DiskText, NAMELESS, readStored } from './storedDraft.ts';

/**
 * One edit of the settings text.
 *
 * 1. The user's text is replaced only when it holds nothing unsaved, or when the user says so.
 * 2. `base` is what the edit started from, or what the user was shown and chose to go over; a text on disk that is
 *    neither base nor the user's own is a conflict. So is what the host calls one. A Pause or Resume is none.
 */
export interface Draft {
  readonly text: string;
  readonly base: DiskText;
  readonly disk: DiskText;
  /** What is being applied, and what was on disk when that began; `null` once it is answered. */
  readonly applying: { readonly text: string; readonly over: string } | null;
  /** What the edit had started from when a Pause or Resume was last taken into it; `null` before. */
  readonly taken: DiskText | null;
  /** The host has refused the text because of what is on disk, and the user has not answered yet. */
  readonly refused: boolean;
}

export type DraftEvent =
  /** `from`: the text that it was made of. */
  | { readonly kind: 'typed'; readonly text: string; readonly from: string }
  | { readonly kind: 'disk'; readonly disk: DiskText }
  | { readonly kind: 'applying' }
  | { readonly kind: 'applied'; readonly disk: DiskText }
  | { readonly kind: 'not-applied' }
  | { readonly kind: 'conflict'; readonly disk: DiskText }
  | { readonly kind: 'keep-mine' }
  /** The edit is given up. */
  | { readonly kind: 'load-disk' };

export const isDirty = (draft: Draft): boolean => draft.text !== draft.base.text;

export function inConflict(draft: Draft): boolean {
  const { base, disk, text, applying, refused } = draft;
  if (!isDirty(draft) || applying !== null) return false;
  return refused || (disk.text !== base.text && disk.text !== text);
}

export function stepDraft(draft: Draft, event: DraftEvent): Draft {
  switch (event.kind) {
    case 'typed':
      return typed(draft, event);
    case 'disk':
      // Another text than the one that was refused is judged anew.
      return seen({ ...draft, refused: draft.refused && event.disk.revision === draft.disk.revision }, event.disk);
    case 'applying':
      return { ...draft, applying: { text: draft.text, over: draft.disk.revision }, refused: false };
    case 'applied': {
      // What came from disk meanwhile is newer than this answer, which another program may have written over already.
      const isNews = draft.applying !== null && draft.disk.revision !== draft.applying.over;
      const applied = { ...draft, base: event.disk, applying: null, refused: false };
      return seen(applied, isNews ? draft.disk : event.disk);
    }
    case 'not-applied':
      return seen({ ...draft, applying: null }, draft.disk);
    case 'conflict': {
      const { disk } = event;
      const answered = { ...draft, disk, applying: null };
      if (disk.text === draft.text) return { ...answered, base: disk };
      return withTaken(answered) ?? { ...answered, refused: true };
    }
    case 'keep-mine':
      return { ...draft, base: draft.disk, refused: false };
    case 'load-disk':
      return { ...draft, text: draft.disk.text, base: draft.disk, refused: false };
  }
}

/**
 * What was typed before the editor had what was taken in meanwhile has that taken in, too, or is in conflict with it; what was
 * typed over a text that had just been replaced from disk is an edit of that text.
 */
function typed(draft: Draft, { text, from }: DraftEvent & { readonly kind: 'typed' }): Draft {
  const { taken, base } = draft;
  if (from === draft.text || (taken === null && isDirty(draft))) return { ...draft, text };
  if (taken === null) return { ...draft, text, base: { text: from, revision: NAMELESS } };
  const merged = withPresses(taken.text, base.text, text);
  return merged === null ? { ...draft, text, base: taken } : { ...draft, text: merged, taken: { ...taken } };
}

/** What is on disk now: ours or the one that the edit started from, or somebody else's. */
function seen(draft: Draft, disk: DiskText): Draft {
  const ours = disk.text === draft.applying?.text || disk.text === draft.text || disk.text === draft.base.text;
  if (ours) return { ...draft, base: disk, disk };
  if (!isDirty(draft)) return { ...draft, text: disk.text, base: disk, disk };
  const now = { ...draft, disk };
  return (draft.applying === null ? withTaken(now) : null) ?? now;
}

/** A Pause or Resume that this program wrote into the file is no other text than the edit's: it is taken into that. */
function withTaken(draft: Draft): Draft | null {
  const text = withPresses(draft.base.text, draft.disk.text, draft.text);
  return text === null ? null : { ...draft, text, base: draft.disk, taken: draft.base };
}

/** The edit to go on with: the one that was left unsaved, else what is on disk. */
export function startDraft(view: SettingsView, stored: string | null): Draft {
  const disk: DiskText = { revision: view.revision, text: view.text };
  const left = readStored(stored);
  const fresh = { disk, applying: null, refused: false, taken: null };
  if (left === null || left.text === view.text) return { ...fresh, text: view.text, base: disk };
  const draft = { ...fresh, ...left };
  return left.base.text === view.text ? { ...draft, base: disk } : (withTaken(draft) ?? draft);
}

/** What to keep for the next start, `null` when nothing is unsaved. */
export const toStore = (draft: Draft): string | null =>
  isDirty(draft) ? JSON.stringify({ text: draft.text, base: draft.base }) : null;
