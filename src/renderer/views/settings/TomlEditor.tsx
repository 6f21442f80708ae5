import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Text, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import { NONCE } from '../../strictCsp.ts';
import { type HintSource, hintsFrom } from './editorHints.ts';
import { tableAt } from './hints.ts';
import { changeTo, inEditor, withLineEnds } from './lineEnds.ts';
import { problemText } from './problemText.ts';

export interface EditorHandle {
  /** Puts the cursor at a line and column (both from 1) and shows it. */
  jump(line: number, column: number): void;
  /** The same without the focus. */
  show(line: number, column: number): void;
}

interface Props {
  readonly text: string;
  readonly problems: readonly SettingsProblem[];
  readonly handle: RefObject<EditorHandle | null>;
  /** Another one when what came from outside was taken into the edit: no step of its history. */
  readonly merged: unknown;
  /** `from`: the text that was there before. */
  readonly onText: (text: string, from: string) => void;
  readonly onSave: () => void;
  /** Esc, where it closes nothing in the editor itself. */
  readonly onLeave: () => void;
  readonly onPlace: (place: CursorPlace) => void;
  /** What completion and the hover text know besides the schema. */
  readonly hints: RefObject<HintSource>;
}

export interface CursorPlace {
  readonly number: number;
  readonly line: string;
  /** `link.kraken`, empty before the first. */
  readonly table: string;
  /** True when a person moved it there, in the editor. */
  readonly byHand: boolean;
}

/** The settings text. It owns its undo history; a `text` from outside becomes one step of it. */
export function TomlEditor({ text, merged, problems, handle, onText, onSave, onLeave, onPlace, hints }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onText, onSave, onLeave, onPlace });
  calls.current = { onText, onSave, onLeave, onPlace };
  const lastMerge = useRef(merged);
  /** The text that the editor shows, with its own line ends. */
  const shown = useRef(text);
  const hintSource = useRef(hints);

  useEffect(() => {
    const save = (): boolean => {
      calls.current.onSave();
      return true;
    };
    const leave = (): boolean => {
      calls.current.onLeave();
      return true;
    };
    const made = new EditorView({
      parent: host.current as HTMLElement,
      state: EditorState.create({
        doc: inEditor(shown.current),
        extensions: [
          keymap.of([{ key: 'Mod-s', preventDefault: true, run: save }, ...CLOSING, { key: 'Escape', run: leave }]),
          hintsFrom(hintSource.current),
          EXTENSIONS,
          EditorView.updateListener.of((update) => {
            const typed = update.transactions.some((one) => one.docChanged && one.annotation(OUTSIDE) !== true);
            if (typed) {
              const from = shown.current;
              shown.current = withLineEnds(from, update.state.doc.toString());
              calls.current.onText(shown.current, from);
            }
            if (update.docChanged || update.selectionSet) {
              const { doc, selection } = update.state;
              const line = doc.lineAt(selection.main.head);
              const table = tableAt(doc, line.number);
              const byHand = update.view.hasFocus && (update.selectionSet || typed);
              calls.current.onPlace({ number: line.number, line: line.text, table, byHand });
            }
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const { current } = view;
    shown.current = text;
    const wanted = inEditor(text);
    if (current === null || current.state.doc.toString() === wanted) return;
    const changes = changeTo(current.state.doc.toString(), wanted);
    const isMerge = merged !== lastMerge.current;
    lastMerge.current = merged;
    const annotations = [OUTSIDE.of(true), ...(isMerge ? [Transaction.addToHistory.of(false)] : [])];
    current.dispatch({ changes, annotations });
  }, [text, merged]);

  useEffect(() => {
    const { current } = view;
    if (current === null) return;
    current.dispatch(
      setDiagnostics(
        current.state,
        problems.map((problem) => diagnostic(current.state.doc, problem)),
      ),
    );
  }, [problems]);

  useImperativeHandle(handle, () => ({
    jump: (line, column) => {
      if (view.current === null) return;
      moveTo(view.current, line, column);
      view.current.focus();
    },
    show: (line, column) => {
      if (view.current !== null) moveTo(view.current, line, column);
    },
  }));

  return <div className="editor" ref={host} />;
}

function moveTo(view: EditorView, line: number, column: number): void {
  const at = offset(view.state.doc, line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
}

/** Marks a text that the page put in: it is no edit, and must not wipe away what was just said (`Undone: ...`). */
const OUTSIDE = Annotation.define<boolean>();

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.comment, class: 'tok-comment' },
  { tag: [tags.string, tags.special(tags.string)], class: 'tok-string' },
  { tag: [tags.number, tags.bool, tags.atom], class: 'tok-number' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: 'tok-key' },
]);

/** What Esc closes in the editor comes before leaving it. */
const CLOSING = [...searchKeymap, ...lintKeymap];

const EXTENSIONS = [
  EditorView.cspNonce.of(NONCE),
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
  StreamLanguage.define(toml),
  syntaxHighlighting(HIGHLIGHT),
  EditorView.contentAttributes.of({ 'aria-label': 'Settings text', spellcheck: 'false', tabindex: '0' }),
  keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
];

function diagnostic(doc: Text, problem: SettingsProblem): Diagnostic {
  const from = offset(doc, problem.line, problem.column);
  const to = Math.max(from, offset(doc, problem.endLine, problem.endColumn));
  return {
    from,
    to,
    severity: problem.severity === 'error' ? 'error' : 'warning',
    message: problemText(problem),
  };
}

/** The place in the text as it is now: problems of a text that was longer are held inside it. */
function offset(doc: Text, line: number, column: number): number {
  const held = doc.line(Math.max(1, Math.min(doc.lines, line)));
  return Math.min(held.to, held.from + Math.max(0, column - 1));
}
