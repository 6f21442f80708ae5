import { useEffect, useRef, useState } from 'react';
import type { ApplyResult, Preview } from '../../shared/contract.ts';
import type { SettingsChange, SettingsProblem, SettingsView } from '../../shared/settingsView.ts';
import { plural } from '../format.ts';
import type { SettingsPlace } from '../route.ts';
import { selectSettings } from '../store/engine.ts';
import { useEngineState, useLinkNames, useStale } from '../store/hooks.ts';
import { ActionButton } from '../ui/ActionButton.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { StatusMark } from '../ui/StatusMark.tsx';
import { inConflict, isDirty } from './settings/draft.ts';
import { KeyHelp, KeyReference } from './settings/KeyHelp.tsx';
import { shortConsequence } from './settings/problemText.ts';
import { ChangeList, hasErrors, ProblemList } from './settings/Review.tsx';
import { placeIn } from './settings/settingsPlace.ts';
import { type EditorHandle, TomlEditor } from './settings/TomlEditor.tsx';
import { useDraft } from './settings/useDraft.ts';
import { usePreview } from './settings/usePreview.ts';

const NO_PROBLEMS: readonly SettingsProblem[] = [];

/** The settings file as text: checked while typed, previewed, applied, undone. */
export default function SettingsPage({ at }: { readonly at: SettingsPlace | null }) {
  const view = useEngineState(selectSettings);
  return view === null ? <p className="loading">Loading the settings…</p> : <Editing view={view} at={at} />;
}

function Editing({ view, at }: { readonly view: SettingsView; readonly at: SettingsPlace | null }) {
  const { draft, dispatch, apply, undo } = useDraft(view);
  const { preview, current } = usePreview(draft.text);
  const linkCount = useLinkNames().length;
  const offline = useStale();
  const editor = useRef<EditorHandle>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [place, setPlace] = useState({ line: '', table: '' });
  const [said, setSaid] = useState('');
  const [asksUndo, setAsksUndo] = useState(false);
  const undoText = asksUndo && !isDirty(draft) ? view.undoText : null;
  const undone = usePreview(undoText);
  const latest = useRef(draft.text);
  latest.current = draft.text;
  const problems = preview?.problems ?? NO_PROBLEMS;
  const dirty = isDirty(draft);
  const conflict = inConflict(draft);
  const blocked = current && hasErrors(preview);
  const busy = draft.applying !== null;
  useEscToOverview();

  // Only on arrival: later the cursor is the user's.
  useEffect(() => {
    const wanted = at === null ? null : placeIn(latest.current, at);
    if (wanted !== null) editor.current?.jump(wanted.line, wanted.column);
  }, [at]);

  const finish = (result: ApplyResult | null, what: string): void =>
    setSaid(result === null ? '' : saying(result, what));
  const save = async (overwrite: boolean): Promise<void> => {
    if (blocked) setSaid('Not applied: the text has errors');
    if (!dirty || blocked || busy) return;
    finish(await apply(draft, overwrite), 'Applied');
  };

  const takeBack = async (): Promise<void> => {
    heading.current?.focus();
    setAsksUndo(false);
    finish(await undo(view.revision), 'Undone');
  };

  return (
    <div className="settings-page">
      <header className="settings-head">
        <PageHeading ref={heading}>Settings</PageHeading>
        <p className="ellipsis">
          <code title={view.file}>{view.file}</code>
          <Running view={view} />
        </p>
        <span className="said" role="status">
          {said === '' && dirty ? 'Unsaved edit' : said}
        </span>
        <ActionButton className="button" blocked={dirty ? null : NO_EDIT} onClick={() => dispatch({ kind: 'revert' })}>
          Revert edit
        </ActionButton>
        <ActionButton
          className="button"
          blocked={whyNoUndo({ canUndo: view.undoText !== null, asked: undoText !== null, dirty, offline })}
          title="Shows what taking back the last edit would do, and asks"
          onClick={() => {
            setSaid('');
            setAsksUndo(true);
          }}
        >
          Undo last apply…
        </ActionButton>
        <ActionButton
          className="button primary"
          blocked={whyNoApply({ dirty, blocked, offline, busy, conflict })}
          title="Ctrl/⌘+S"
          onClick={() => save(false)}
        >
          Apply
        </ActionButton>
      </header>
      {view.fileTrouble !== null && (
        <p className="bar bar-bad" role="alert">
          <StatusMark tone="bad" /> {view.fileTrouble}
        </p>
      )}
      {conflict && (
        <Conflict
          blocked={whyNoApply({ dirty, blocked, offline, busy, conflict: false })}
          onKeep={() => {
            dispatch({ kind: 'keep-mine' });
            heading.current?.focus();
          }}
          onLoad={() => {
            dispatch({ kind: 'load-disk' });
            heading.current?.focus();
          }}
          onOverwrite={() => {
            heading.current?.focus();
            void save(true);
          }}
        />
      )}
      {undoText !== null && (
        <div className="bar bar-warn" role="alert">
          <StatusMark tone="warn" />
          <span>{undoAsk(undone.current ? undone.preview : null)}</span>
          <ActionButton
            blocked={whyNotNow({ known: undone.current, faulty: hasErrors(undone.preview), offline })}
            onClick={() => void takeBack()}
          >
            Undo now
          </ActionButton>
          <button
            type="button"
            onClick={() => {
              heading.current?.focus();
              setAsksUndo(false);
            }}
          >
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
            onLeave={() => heading.current?.focus()}
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

const NO_EDIT = 'The text is the file’s: nothing was edited';
const OFFLINE = 'There is no connection to Warmwire’s engine';

interface Hindrances {
  readonly dirty: boolean;
  readonly blocked: boolean;
  readonly offline: boolean;
  readonly busy: boolean;
  readonly conflict: boolean;
}

/** Why the text cannot be applied now, the most telling first; `null` when it can. */
function whyNoApply({ dirty, blocked, offline, busy, conflict }: Hindrances): string | null {
  if (!dirty) return NO_EDIT;
  if (conflict) return 'The file was changed meanwhile: choose above which text is to stay';
  if (blocked) return 'The text has errors';
  if (offline) return OFFLINE;
  return busy ? 'Being applied' : null;
}

function whyNotNow(now: {
  readonly known: boolean;
  readonly faulty: boolean;
  readonly offline: boolean;
}): string | null {
  if (now.offline) return OFFLINE;
  if (!now.known) return 'What it would do is being worked out';
  return now.faulty ? 'The earlier text has errors today' : null;
}

function whyNoUndo(now: {
  readonly canUndo: boolean;
  readonly asked: boolean;
  readonly dirty: boolean;
  readonly offline: boolean;
}): string | null {
  const { canUndo, asked, dirty, offline } = now;
  if (asked) return 'It is asked below';
  if (!canUndo) return 'Nothing was applied since Warmwire started';
  if (dirty) return 'Apply or revert your edit first';
  return offline ? OFFLINE : null;
}

/** Goes away with any answer, so each of them hands the focus to the page's heading. */
function Conflict(props: {
  readonly blocked: string | null;
  readonly onKeep: () => void;
  readonly onLoad: () => void;
  readonly onOverwrite: () => void;
}) {
  return (
    <div className="bar bar-warn" role="alert">
      <StatusMark tone="warn" />
      <span>The file was changed by another program while you were editing. Nothing has been overwritten.</span>
      <button type="button" onClick={props.onKeep}>
        Keep mine
      </button>
      <button type="button" onClick={props.onLoad}>
        Load the file
      </button>
      <ActionButton blocked={props.blocked} onClick={props.onOverwrite}>
        Overwrite the file
      </ActionButton>
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
