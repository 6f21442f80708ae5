import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Text } from '@codemirror/state';
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
import { problemText } from './problemText.ts';

export interface EditorHandle {
  /** Puts the cursor at a line and column (both from 1) and shows it. */
  jump(line: number, column: number): void;
}

interface Props {
  readonly text: string;
  readonly problems: readonly SettingsProblem[];
  readonly handle: RefObject<EditorHandle | null>;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
  /** Esc, where it closes nothing in the editor itself. */
  readonly onLeave: () => void;
  /** The line and the table (`link.kraken`, empty before the first) the cursor is in. */
  readonly onPlace: (line: string, table: string) => void;
}

/** The settings text. It owns its undo history; a `text` from outside becomes one step of it. */
export function TomlEditor({ text, problems, handle, onText, onSave, onLeave, onPlace }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onText, onSave, onLeave, onPlace });
  calls.current = { onText, onSave, onLeave, onPlace };
  const first = useRef(text);

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
        doc: first.current,
        extensions: [
          keymap.of([{ key: 'Mod-s', preventDefault: true, run: save }, ...CLOSING, { key: 'Escape', run: leave }]),
          EXTENSIONS,
          EditorView.updateListener.of((update) => {
            const typed = update.transactions.some((one) => one.docChanged && one.annotation(OUTSIDE) !== true);
            if (typed) calls.current.onText(update.state.doc.toString());
            if (update.docChanged || update.selectionSet) {
              const { doc, selection } = update.state;
              const line = doc.lineAt(selection.main.head);
              calls.current.onPlace(line.text, tableAt(doc, line.number));
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
    if (current === null || current.state.doc.toString() === text) return;
    const changes = { from: 0, to: current.state.doc.length, insert: text };
    current.dispatch({ changes, annotations: OUTSIDE.of(true) });
  }, [text]);

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
      const { current } = view;
      if (current === null) return;
      const at = offset(current.state.doc, line, column);
      current.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      current.focus();
    },
  }));

  return <div className="editor" ref={host} />;
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
  keymap.of([...defaultKeymap, ...historyKeymap]),
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

function tableAt(doc: Text, lineNumber: number): string {
  for (let number = lineNumber; number > 0; number -= 1) {
    const header = /^\s*\[+([^\]]+)\]/.exec(doc.line(number).text);
    if (header !== null) return header[1] ?? '';
  }
  return '';
}

/** The place in the text as it is now: problems of a text that was longer are held inside it. */
function offset(doc: Text, line: number, column: number): number {
  const held = doc.line(Math.max(1, Math.min(doc.lines, line)));
  return Math.min(held.to, held.from + Math.max(0, column - 1));
}
