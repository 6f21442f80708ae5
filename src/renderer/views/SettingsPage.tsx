import { useEffect, useRef, useState } from 'react';
import type { ApplyResult } from '../../shared/contract.ts';
import { NO_FILE, type SettingsProblem, type SettingsView } from '../../shared/settingsView.ts';
import type { SettingsPlace } from '../route.ts';
import { selectSettings } from '../store/engine.ts';
import { useEngineState, useStale } from '../store/hooks.ts';
import { ActionButton } from '../ui/ActionButton.tsx';
import { Awaited } from '../ui/Awaited.tsx';
import { Bar } from '../ui/Bar.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { StatusMark } from '../ui/StatusMark.tsx';
import { ChangeList } from './settings/Changes.tsx';
import { Conflict } from './settings/Conflict.tsx';
import { inConflict, isDirty } from './settings/draft.ts';
import { KeyHelp } from './settings/KeyHelp.tsx';
import { ProbationBar, useProbation } from './settings/ProbationBar.tsx';
import { hasErrors, ProblemList } from './settings/Review.tsx';
import { SettingsForm } from './settings/SettingsForm.tsx';
import { resultText, undoQuestion } from './settings/said.ts';
import { placeIn } from './settings/settingsPlace.ts';
import { type EditorHandle, TomlEditor } from './settings/TomlEditor.tsx';
import { unwrittenText } from './settings/unwritten.ts';
import { useDraft } from './settings/useDraft.ts';
import { useFormAndText } from './settings/useFormAndText.ts';
import { useHints } from './settings/useHints.ts';
import { usePreview } from './settings/usePreview.ts';
import { useReading } from './settings/useReading.ts';
import { useSaveKey } from './settings/useSaveKey.ts';
import { useUnwritten } from './settings/useUnwritten.ts';
import {
  CHOOSE,
  whyNoApply,
  whyNoLoad,
  whyNoRevert,
  whyNothingToWrite,
  whyNotNow,
  whyNoUndo,
} from './settings/whyNot.ts';

const NO_PROBLEMS: readonly SettingsProblem[] = [];

/** The settings file as a form and as text: checked while edited, previewed, applied, watched, undone. */
export default function SettingsPage({ at }: { readonly at: SettingsPlace | null }) {
  const view = useEngineState(selectSettings);
  if (view !== null) return <Editing view={view} at={at} />;
  return (
    <p className="loading" role="status">
      <Awaited />
    </p>
  );
}

function Editing({ view, at }: { readonly view: SettingsView; readonly at: SettingsPlace | null }) {
  const { draft, dispatch, apply, undo, keep } = useDraft(view);
  const { preview, current } = usePreview(draft.text);
  const probation = useProbation();
  const offline = useStale();
  const editor = useRef<EditorHandle>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const hints = useHints();
  const [said, setSaid] = useState('');
  const [asksUndo, setAsksUndo] = useState(false);
  const [watch, setWatch] = useState(true);
  const dirty = isDirty(draft);
  const noFile = view.revision === NO_FILE;
  const nothing = whyNothingToWrite({ dirty, noFile, text: draft.text });
  const undoText = asksUndo && !dirty ? view.undoText : null;
  const undone = usePreview(undoText);
  const { reading, current: isRead } = useReading(draft.text);
  const latest = useRef(draft.text);
  latest.current = draft.text;
  const fields = useUnwritten(view.file, draft.text);
  const [firstUnwritten] = fields.held;
  const unwritten = firstUnwritten === undefined ? null : unwrittenText(firstUnwritten);
  const type = (text: string): void => {
    setSaid('');
    setAsksUndo(false);
    latest.current = text;
    dispatch({ kind: 'typed', text });
  };
  const sync = useFormAndText({ text: draft.text, reading, isRead, editor, onText: type, onRefused: setSaid });
  const problems = preview?.problems ?? NO_PROBLEMS;
  const conflict = inConflict(draft);
  const blocked = current && hasErrors(preview);
  const busy = draft.applying !== null;
  useSaveKey(() => void save(false));

  // Only on arrival: later the cursor is the user's.
  useEffect(() => {
    const wanted = at === null ? null : placeIn(latest.current, at);
    if (wanted !== null) editor.current?.jump(wanted.line, wanted.column);
  }, [at]);

  // What was said of an edit holds no more once it was taken back.
  useEffect(() => {
    if (probation.kind === 'put-back') setSaid('');
  }, [probation.kind]);

  const finish = (result: ApplyResult | null, what: string): void =>
    setSaid(result === null ? '' : resultText(result, what));
  const save = async (overwrite: boolean): Promise<void> => {
    const asked = conflict && !overwrite;
    if (unwritten !== null) setSaid(`Not applied: ${unwritten}`);
    else if (blocked) setSaid('Not applied: the text has errors');
    else if (asked) setSaid(`Not applied. ${CHOOSE}`);
    else if (nothing !== null && noFile) setSaid(`Not applied. ${nothing}`);
    if (unwritten !== null || nothing !== null || blocked || busy || asked) return;
    setAsksUndo(false);
    const result = await apply(draft, overwrite, watch);
    if (result?.kind === 'applied') setWatch(true);
    finish(result, 'Applied');
  };

  /** For what goes away with its answer. */
  const fromHeading = (act: () => void) => (): void => {
    heading.current?.focus();
    act();
  };

  const keepTheEdit = fromHeading(() => setAsksUndo(false));
  // Esc is no answer to the question which text is to stay, and no way past it.
  const answerFirst = conflict ? () => setSaid(CHOOSE) : null;
  useEscToOverview(undoText === null ? answerFirst : keepTheEdit);

  const jump = ({ line, column }: SettingsProblem): void => editor.current?.jump(line, column);
  const takeBack = async (): Promise<void> => {
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
        <span className="said" role="status" title={said}>
          {said === '' && dirty ? 'Unsaved edit' : said}
        </span>
        <ActionButton
          className="button"
          blocked={whyNoRevert(dirty || unwritten !== null)}
          onClick={() => {
            fields.clear();
            dispatch({ kind: 'load-disk' });
          }}
        >
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
        <WatchChoice secs={sync.rollbackSecs} checked={watch} onChange={setWatch} />
        <ActionButton
          className="button primary"
          blocked={whyNoApply({ unwritten, nothing, blocked, offline, busy, conflict })}
          title="Ctrl/⌘+S"
          onClick={() => save(false)}
        >
          Apply
        </ActionButton>
      </header>
      {view.fileTrouble !== null && (
        <Bar tone="bad" role="alert">
          {view.fileTrouble}
        </Bar>
      )}
      <ProbationBar
        view={probation}
        blocked={whyNoLoad(dirty)}
        onKeep={fromHeading(() => void keep())}
        onLoad={(text) => fromHeading(() => type(text))()}
      />
      {conflict && (
        <Conflict
          mine={draft.text}
          file={draft.disk.text}
          blocked={whyNoApply({ unwritten, nothing, blocked, offline, busy, conflict: false })}
          onKeep={fromHeading(() => dispatch({ kind: 'keep-mine' }))}
          onLoad={fromHeading(() => {
            fields.clear();
            dispatch({ kind: 'load-disk' });
          })}
          onOverwrite={fromHeading(() => void save(true))}
        />
      )}
      {undoText !== null && (
        <Bar tone="warn" role="alert">
          <span>{undoQuestion(undone.current ? undone.preview : null)}</span>
          <ActionButton
            blocked={whyNotNow({ known: undone.current, faulty: hasErrors(undone.preview), offline })}
            onClick={fromHeading(() => void takeBack())}
          >
            Undo now
          </ActionButton>
          <button type="button" onClick={keepTheEdit}>
            Keep the edit
          </button>
        </Bar>
      )}
      <div className="settings-body">
        <section className="form-pane" aria-label="Form">
          <SettingsForm
            text={draft.text}
            reading={reading}
            preview={preview}
            spot={sync.spot}
            unwritten={fields.held}
            onUnwritten={fields.note}
            onSpot={sync.goTo}
            onEdit={sync.edit}
            onProblem={jump}
          />
        </section>
        <section className="editor-pane" aria-label="Text">
          <TomlEditor
            text={draft.text}
            problems={problems}
            handle={editor}
            hints={hints}
            onText={type}
            onSave={() => save(false)}
            onLeave={() => heading.current?.focus()}
            onPlace={sync.onPlace}
          />
          <KeyHelp line={sync.place.line} table={sync.place.table} />
        </section>
        <aside className="review" aria-label="Review">
          {undoText === null ? (
            <ChangeList what="Apply" preview={preview} dirty={nothing === null} noFile={noFile} current={current} />
          ) : (
            <ChangeList what="Undo" preview={undone.preview} dirty noFile={noFile} current={undone.current} />
          )}
          <ProblemList problems={problems} onJump={jump} />
        </aside>
      </div>
    </div>
  );
}

/** For this Apply only; the time is one of the settings. */
function WatchChoice(props: {
  readonly secs: number;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const off = props.secs === 0;
  const title = off
    ? '[app] rollback_after_secs is 0: no edit is taken back by itself'
    : `After Apply the links are watched for ${props.secs} s ([app] rollback_after_secs); the edit is taken back when one that was well no longer is`;
  return (
    <label className="watch-choice" title={title}>
      <input
        type="checkbox"
        checked={props.checked && !off}
        disabled={off}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      Put back if worse
    </label>
  );
}

function Running({ view }: { readonly view: SettingsView }) {
  const own = view.running === 'this file';
  const stale = useStale();
  return (
    <span className={stale ? 'running dim' : 'running'}>
      <StatusMark tone={stale ? 'idle' : own ? 'good' : 'warn'} />
      {own ? 'running: this file' : `running: ${view.running}, not this file`}
    </span>
  );
}
