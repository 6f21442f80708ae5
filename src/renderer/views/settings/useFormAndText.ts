import { type RefObject, useEffect, useRef, useState } from 'react';
import { SETTINGS_BUILT_IN } from '../../../shared/settings.ts';
import { editText, type TextEdit } from '../../../shared/toml/edit.ts';
import { locateIn, nodeAt } from '../../../shared/toml/toml.ts';
import { type Reading, readText, type Spot, spotAt } from './reading.ts';
import type { CursorPlace, EditorHandle } from './TomlEditor.tsx';

interface Sides {
  readonly text: string;
  readonly reading: Reading;
  /** Whether that is of this very text. */
  readonly isRead: boolean;
  readonly editor: RefObject<EditorHandle | null>;
  readonly onText: (text: string, from: string) => void;
  /** Why an edit of the form could not be made. */
  readonly onRefused: (why: string) => void;
}

const NOWHERE: CursorPlace = { number: 1, line: '', table: '', byHand: false };

/** Where this window was in the settings last: who looks something up elsewhere comes back to it. */
let lastSpot: Spot | null = null;

/**
 * Keeps form and text together.
 *
 * 1. There is one text. An edit of the form is made in it, at its place, before the next one begins.
 * 2. The cursor in the text leads the form to its key; the focus in the form leads the cursor, and keeps itself.
 */
export function useFormAndText({ text, reading, isRead, editor, onText, onRefused }: Sides) {
  const latest = useRef(text);
  latest.current = text;
  const [place, setPlace] = useState(NOWHERE);
  const [spot, setSpot] = useState(lastSpot);
  /** Where the form was worked on last; the editor is led there once it has the text. */
  const [led, setLed] = useState(lastSpot);

  useEffect(() => {
    lastSpot = spot;
  }, [spot]);

  useEffect(() => {
    const { root } = readText(latest.current);
    if (led === null || root === null || nodeAt(root, led.path) === null) return;
    const at = locateIn(root, led.key === null ? led.path : [...led.path, led.key]);
    editor.current?.show(at.line, at.column);
  }, [led, editor]);

  const edit = (change: TextEdit): boolean => {
    const edited = editText(latest.current, change);
    if (!edited.ok) {
      onRefused(`${edited.problem.message}: ${edited.problem.hint}`);
      return false;
    }
    const from = latest.current;
    latest.current = edited.value;
    onText(edited.value, from);
    const { kind, path } = change;
    if (kind === 'set' || kind === 'unset') setLed({ path: path.slice(0, -1), key: path.at(-1) ?? null });
    return true;
  };

  // A line's number says where the cursor is only in the text that was read.
  const { number, byHand } = place;
  const { root } = reading;
  useEffect(() => {
    if (byHand && isRead && root !== null) setSpot(spotAt(root, number));
  }, [byHand, isRead, root, number]);

  const goTo = (next: Spot): void => {
    setPlace((held) => ({ ...held, byHand: false }));
    setSpot(next);
    setLed({ ...next });
  };

  return { place, spot, edit, onPlace: setPlace, goTo, rollbackSecs: rollbackSecsIn(reading) };
}

/** What the text itself says about how long an edit is watched. */
function rollbackSecsIn({ root }: Reading): number {
  const node = root === null ? null : nodeAt(root, ['app', 'rollback_after_secs']);
  const said = node?.kind === 'scalar' ? node.value : null;
  return typeof said === 'number' ? said : SETTINGS_BUILT_IN.app.rollback_after_secs;
}
