import { useRef, useState } from 'react';
import type { ApplyResult, Preview } from '../../shared/contract.ts';
import type { SettingsChange, SettingsProblem, SettingsView } from '../../shared/settingsView.ts';
import { plural } from '../format.ts';
import { selectSettings } from '../store/engine.ts';
import { useEngineState, useLinkNames, useStale } from '../store/hooks.ts';
import { StatusMark } from '../ui/StatusMark.tsx';
import { inConflict, isDirty } from './settings/draft.ts';
import { KeyHelp, KeyReference } from './settings/KeyHelp.tsx';
import { shortConsequence } from './settings/problemText.ts';
import { ChangeList, hasErrors, ProblemList } from './settings/Review.tsx';
import { type EditorHandle, TomlEditor } from './settings/TomlEditor.tsx';
import { useDraft } from './settings/useDraft.ts';
import { usePreview } from './settings/usePreview.ts';

const NO_PROBLEMS: readonly SettingsProblem[] = [];

/** The settings file as text: checked while typed, previewed, applied, undone. */
export default function SettingsPage() {
  const view = useEngineState(selectSettings);
  return view === null ? <p className="loading">Loading the settings…</p> : <Editing view={view} />;
}

function Editing({ view }: { readonly view: SettingsView }) {
  const { draft, dispatch, apply, undo } = useDraft(view);
  const { preview, current } = usePreview(draft.text);
  const linkCount = useLinkNames().length;
  const offline = useStale();
  const editor = useRef<EditorHandle>(null);
  const [place, setPlace] = useState({ line: '', table: '' });
  const [said, setSaid] = useState('');
  const [asksUndo, setAsksUndo] = useState(false);
  const undoText = asksUndo && !isDirty(draft) ? view.undoText : null;
  const undone = usePreview(undoText);
  const problems = preview?.problems ?? NO_PROBLEMS;
  const dirty = isDirty(draft);
  const conflict = inConflict(draft);
  const blocked = current && hasErrors(preview);
  const busy = draft.applying !== null;

  const finish = (result: ApplyResult | null, what: string): void =>
    setSaid(result === null ? '' : saying(result, what));
  const save = async (overwrite: boolean): Promise<void> => {
    if (blocked) setSaid('Not applied: the text has errors');
    if (!dirty || blocked || busy) return;
    finish(await apply(draft, overwrite), 'Applied');
  };

  const takeBack = async (): Promise<void> => {
    setAsksUndo(false);
    finish(await undo(view.revision), 'Undone');
  };

  return (
    <div className="settings-page">
      <header className="settings-head">
        <h1 className="visually-hidden">Settings</h1>
        <p className="ellipsis">
          <code title={view.file}>{view.file}</code>
          <Running view={view} />
        </p>
        <span className="said" role="status">
          {said === '' && dirty ? 'Unsaved edit' : said}
        </span>
        <button type="button" className="button" disabled={!dirty} onClick={() => dispatch({ kind: 'revert' })}>
          Revert edit
        </button>
        <button
          type="button"
          className="button"
          disabled={view.undoText === null || undoText !== null || dirty || offline}
          title={dirty ? 'Apply or revert your edit first' : 'Shows what taking back the last edit would do, and asks'}
          onClick={() => {
            setSaid('');
            setAsksUndo(true);
          }}
        >
          Undo last apply…
        </button>
        <button
          type="button"
          className="button primary"
          disabled={!dirty || blocked || offline || busy || conflict}
          title="Ctrl/⌘+S"
          onClick={() => save(false)}
        >
          Apply
        </button>
      </header>
      {view.fileTrouble !== null && (
        <p className="bar bar-bad" role="alert">
          <StatusMark tone="bad" /> {view.fileTrouble}
        </p>
      )}
      {conflict && (
        <div className="bar bar-warn" role="alert">
          <StatusMark tone="warn" />
          <span>The file was changed by another program while you were editing. Nothing has been overwritten.</span>
          <button type="button" onClick={() => dispatch({ kind: 'keep-mine' })}>
            Keep mine
          </button>
          <button type="button" onClick={() => dispatch({ kind: 'load-disk' })}>
            Load the file
          </button>
          <button type="button" disabled={blocked || offline || busy} onClick={() => save(true)}>
            Overwrite the file
          </button>
        </div>
      )}
      {undoText !== null && (
        <div className="bar bar-warn" role="alert">
          <StatusMark tone="warn" />
          <span>{undoAsk(undone.current ? undone.preview : null)}</span>
          <button
            type="button"
            disabled={!undone.current || hasErrors(undone.preview) || offline}
            onClick={() => void takeBack()}
          >
            Undo now
          </button>
          <button type="button" onClick={() => setAsksUndo(false)}>
            Keep the edit
          </button>
        </div>
      )}
      <div className="settings-body">
        <div className="editor-pane">
          <TomlEditor
            text={draft.text}
            problems={problems}
            handle={editor}
            onText={(text) => {
              setSaid('');
              dispatch({ kind: 'typed', text });
            }}
            onSave={() => save(false)}
            onPlace={(line, table) => setPlace({ line, table })}
          />
          <KeyHelp line={place.line} table={place.table} />
        </div>
        <aside className="review" aria-label="Review">
          <ProblemList problems={problems} onJump={(problem) => editor.current?.jump(problem.line, problem.column)} />
          {undoText === null ? (
            <ChangeList what="Apply" preview={preview} dirty={dirty} current={current} linkCount={linkCount} />
          ) : (
            <ChangeList what="Undo" preview={undone.preview} dirty current={undone.current} linkCount={linkCount} />
          )}
          <KeyReference table={place.table} />
        </aside>
      </div>
    </div>
  );
}

function Running({ view }: { readonly view: SettingsView }) {
  const own = view.running === 'this file';
  return (
    <span className="running">
      <StatusMark tone={own ? 'good' : 'warn'} />
      {own ? 'running: this file' : `running: ${view.running}, not this file`}
    </span>
  );
}

function saying(result: ApplyResult, what: string): string {
  if (result.kind === 'conflict') return 'Not applied: the file has changed';
  if (result.kind === 'problems') return `Not applied: ${plural(result.problems.length, 'problem')}`;
  const links = `${what}: ${linksText(result.changes)}`;
  return result.warning === null ? links : `${links}. ${result.warning}`;
}

function undoAsk(preview: Preview | null): string {
  const kept = 'What was paused or resumed since stays so.';
  if (preview === null) return `Undo takes back the last edit of the text. ${kept}`;
  if (hasErrors(preview)) return 'The earlier text has errors today, so it cannot be put back.';
  return `Undo takes back the last edit of the text: ${linksText(preview.changes)}. ${kept}`;
}

const NAMED = 3;

/** `one (re-dial), two (live)`: first the links whose socket it concerns. */
function linksText(changes: readonly SettingsChange[]): string {
  if (changes.length === 0) return 'no link changes';
  const isLive = ({ effect }: SettingsChange): boolean => effect === 'live';
  const inOrder = [...changes.filter((change) => !isLive(change)), ...changes.filter(isLive)];
  const named = inOrder.slice(0, NAMED).map(({ link, effect }) => `${link} (${shortConsequence(effect)})`);
  const more = changes.length - named.length;
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
}
