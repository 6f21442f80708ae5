import { useEffect, useRef, useState } from 'react';
import { NO_FILE, type SettingsProblem, type SettingsView } from '../../shared/settingsView.ts';
import { adjust, type SettingsPlace } from '../route.ts';
import { selectSettings } from '../store/engine.ts';
import { useEngine, useEngineState, useStale } from '../store/hooks.ts';
import { ActionButton } from '../ui/ActionButton.tsx';
import { Awaited } from '../ui/Awaited.tsx';
import { Bar } from '../ui/Bar.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { useEscToOverview } from '../ui/Shortcuts.tsx';
import { ChangeList } from './settings/Changes.tsx';
import { Conflict } from './settings/Conflict.tsx';
import { inConflict, isDirty } from './settings/draft.ts';
import { KeyHelp } from './settings/KeyHelp.tsx';
import type { KeptEdit } from './settings/keptEdit.ts';
import { ProbationBar } from './settings/ProbationBar.tsx';
import { hasErrors, ProblemList } from './settings/Review.tsx';
import { Running } from './settings/Running.tsx';
import { ruleDraft } from './settings/ruleDraft.ts';
import { SettingsForm } from './settings/SettingsForm.tsx';
import { appliedText, resultText, undoQuestion } from './settings/said.ts';
import { placeIn } from './settings/settingsPlace.ts';
import { type EditorHandle, TomlEditor } from './settings/TomlEditor.tsx';
import { unwrittenText } from './settings/unwritten.ts';
import { useDraft } from './settings/useDraft.ts';
import { useFormAndText } from './settings/useFormAndText.ts';
import { useHints } from './settings/useHints.ts';
import { useKeptEdit } from './settings/useKeptEdit.ts';
import { isCurrent, usePreview } from './settings/usePreview.ts';
import { useProbation } from './settings/useProbation.ts';
import { useReading } from './settings/useReading.ts';
import { useSaid } from './settings/useSaid.ts';
import { useSaveKey } from './settings/useSaveKey.ts';
import { useUnwritten } from './settings/useUnwritten.ts';
import { WatchChoice } from './settings/WatchChoice.tsx';
import {
  CHOOSE,
  refusalText,
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
  const kept = useKeptEdit(view?.file ?? null);
  if (view !== null && kept !== null) return <Editing view={view} kept={kept} at={at} />;
  return (
    <p className="loading" role="status">
      <Awaited />
    </p>
  );
}

interface Props {
  readonly view: SettingsView;
  readonly kept: KeptEdit;
  readonly at: SettingsPlace | null;
}

function Editing({ view, kept, at }: Props) {
  const { draft, dispatch, apply, undo, keep } = useDraft(view, kept);
  const checked = usePreview(draft.text, view);
  const probation = useProbation();
  const engine = useEngine();
  const isPausedNow = (link: string): boolean => engine.store.getState().snapshot?.links[link]?.state.kind === 'paused';
  const offline = useStale();
  const editor = useRef<EditorHandle>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const hints = useHints();
  /** The file whose last edit may be undone: the question is of no other one. */
  const [askedOf, setAskedOf] = useState<string | null>(null);
  const [watch, setWatch] = useState(true);
  const dirty = isDirty(draft);
  // Of a file that was found empty what ran last is shown, which is no more in it than in one that is gone.
  const noFile = view.revision === NO_FILE || (view.fileTrouble !== null && view.text.trim() !== '');
  const nothing = whyNothingToWrite({ dirty, noFile, text: draft.text });
  const undoText = askedOf === view.revision && !dirty ? view.undoText : null;
  const undone = usePreview(undoText, view);
  const { reading, current: isRead } = useReading(draft.text);
  const latest = useRef(draft.text);
  latest.current = draft.text;
  const fields = useUnwritten(kept, draft.text);
  const [firstUnwritten] = fields.held;
  const unwritten = firstUnwritten === undefined ? null : unwrittenText(firstUnwritten);
  const conflict = inConflict(draft);
  const blocked = checked.kind === 'answered' && hasErrors(checked.preview);
  const outdated = checked.kind === 'answered' && checked.outdated;
  const busy = draft.applying !== null;
  const hindrances = { unwritten, nothing, blocked, offline, busy, conflict, outdated };
  const refusal = refusalText({ ...hindrances, noFile });
  const { said, say, typed } = useSaid({ text: draft.text, file: draft.disk.revision, conflict, refusal });
  const type = (text: string, from: string): void => {
    typed();
    setAskedOf(null);
    latest.current = text;
    dispatch({ kind: 'typed', text, from });
  };
  const onRefused = (why: string): void => say(why, { of: 'text', was: draft.text });
  const sync = useFormAndText({ text: draft.text, reading, isRead, editor, onText: type, onRefused });
  useSaveKey(() => void save(false));

  // biome-ignore lint/correctness/useExhaustiveDependencies: only on arrival; later the cursor is the user's
  useEffect(() => {
    if (at === null) return;
    const draft = ruleDraft(latest.current, at);
    if (draft !== null && sync.edit(draft)) {
      sync.goTo({ path: draft.path, key: draft.keys[0]?.[0] ?? null });
      say('Drafted with its built-in values');
      // Who reverts it and comes back to this page does not ask for it again.
      adjust({ view: 'settings', at: null });
      return;
    }
    const wanted = placeIn(latest.current, at);
    if (wanted !== null) editor.current?.jump(wanted.line, wanted.column);
  }, [at]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another edit may bring the same file about again, and nobody has asked of that one
  useEffect(() => {
    if (askedOf !== null) say('Not undone: the file has changed since you asked');
    setAskedOf(null);
  }, [view.revision]);

  const save = async (overwrite: boolean): Promise<void> => {
    if (refusal !== null && !overwrite) {
      if (refusal !== '') say(refusal, { of: 'refusal', was: refusal });
      return;
    }
    if (busy) return;
    setAskedOf(null);
    const result = await apply(draft, overwrite, watch);
    if (result?.kind === 'applied') setWatch(true);
    say(...appliedText({ result, text: draft.text, now: latest.current, revision: draft.disk.revision }, isPausedNow));
  };

  /** For what goes away with its answer. */
  const fromHeading = (act: () => void) => (): void => {
    heading.current?.focus();
    act();
  };

  const keepTheEdit = fromHeading(() => setAskedOf(null));
  // Esc is no answer to the question which text is to stay, and no way past it.
  const answerFirst = conflict ? () => say(CHOOSE, { of: 'conflict', was: true }) : null;
  useEscToOverview(undoText === null ? answerFirst : keepTheEdit);

  const jump = ({ line, column }: SettingsProblem): void => editor.current?.jump(line, column);
  const takeBack = async (): Promise<void> => {
    setAskedOf(null);
    say(resultText(await undo(view.revision), 'Undone', isPausedNow));
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
            say('');
            setAskedOf(view.revision);
          }}
        >
          Undo last apply…
        </ActionButton>
        <WatchChoice secs={sync.rollbackSecs} checked={watch} onChange={setWatch} />
        <ActionButton
          className="button primary"
          blocked={whyNoApply(hindrances)}
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
      {undoText !== null ? (
        <Bar tone="warn" role="alert">
          <span>{undoQuestion(isCurrent(undone) ? undone.preview : null, isPausedNow)}</span>
          <ActionButton
            blocked={whyNotNow({ known: isCurrent(undone), faulty: hasErrors(undone.preview), offline })}
            onClick={fromHeading(() => void takeBack())}
          >
            Undo now
          </ActionButton>
          <button type="button" onClick={keepTheEdit}>
            Cancel undo
          </button>
        </Bar>
      ) : (
        <ProbationBar
          view={probation}
          blocked={whyNoLoad(dirty)}
          onKeep={fromHeading(() => void keep())}
          onLoad={(text) => fromHeading(() => type(text, draft.text))()}
        />
      )}
      {conflict && (
        <Conflict
          mine={draft.text}
          file={draft.disk.text}
          blocked={whyNoApply({ ...hindrances, conflict: false })}
          onKeep={fromHeading(() => dispatch({ kind: 'keep-mine' }))}
          onLoad={fromHeading(() => {
            fields.clear();
            dispatch({ kind: 'load-disk' });
          })}
          onOverwrite={fromHeading(() => void save(true))}
        />
      )}
      <div className="settings-body">
        <section className="form-pane" aria-label="Form">
          <SettingsForm
            text={draft.text}
            reading={reading}
            preview={checked.preview}
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
            merged={draft.taken}
            problems={checked.preview?.problems ?? NO_PROBLEMS}
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
            <ChangeList what="Apply" previewed={checked} dirty={nothing === null} noFile={noFile} />
          ) : (
            <ChangeList what="Undo" previewed={undone} dirty noFile={noFile} />
          )}
          <ProblemList previewed={checked} onJump={jump} />
        </aside>
      </div>
    </div>
  );
}
