import type { SettingsChange } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import { isPaused } from '../../standing.ts';
import { type EngineState, selectPoolNames } from '../../store/engine.ts';
import { useEngineState, useLinkNames } from '../../store/hooks.ts';
import { ChangeEntry } from './ChangeEntry.tsx';
import { changeGroups } from './changeGroups.ts';
import { hasErrors } from './Review.tsx';
import { isCurrent, type Previewed } from './usePreview.ts';

interface Props {
  readonly what: 'Apply' | 'Undo';
  readonly previewed: Previewed;
  /** Whether there is anything to write. */
  readonly dirty: boolean;
  readonly noFile: boolean;
}

const NO_POOLS: readonly string[] = [];

/** What applying the text, or an undo, will do to each link and pool, and which it leaves alone, before it is done. */
export function ChangeList({ what, previewed, dirty, noFile }: Props) {
  // What an earlier text would have done helps nobody while no answer of this one can come.
  const preview = previewed.kind === 'not checked' ? null : previewed.preview;
  const links = useLinkNames();
  const pools = useEngineState(selectPoolNames) ?? NO_POOLS;
  const known = preview !== null && !hasErrors(preview);
  const changes = dirty && preview !== null ? preview.changes : [];
  const paused = useEngineState((state) => pausedOf(state, changes));
  const groups = changeGroups(changes, (link) => paused.split('\n').includes(link));
  const touched = new Set(changes.map(({ link }) => link));
  const stay = links.filter((name) => !touched.has(name));
  const poolsStay = pools.filter((name) => !touched.has(`pool ${name}`));
  return (
    <section
      className={isCurrent(previewed) || !dirty ? 'panel' : 'panel pending'}
      aria-live="polite"
      data-testid="settings-preview"
    >
      <h2>
        What {what} will do{' '}
        <span className="dim">
          {dirty && known ? `${plural(stay.length, 'link')} untouched, ${plural(poolsStay.length, 'pool')}` : ''}
        </span>
      </h2>
      {!dirty && <p className="nothing">Nothing: {noFile ? 'there is no text to write' : 'the text is the file’s'}.</p>}
      {dirty && noFile && <p className="nothing">The file is not there now: it is written with this text.</p>}
      {dirty && changes.length === 0 && <p className="nothing">{nothingText(previewed, noFile)}</p>}
      <ul className="changes">
        {groups.map((group) => (
          <ChangeEntry key={group.id} group={group} />
        ))}
      </ul>
      {dirty && known && changes.length > 0 && stay.length > 0 && (
        <details className="untouched">
          <summary>{plural(stay.length, 'link')} untouched</summary>
          <p className="dim">
            {stay.map((name) => (
              <bdi key={name}>{name}</bdi>
            ))}
          </p>
        </details>
      )}
    </section>
  );
}

function nothingText({ kind, preview }: Previewed, noFile: boolean): string {
  if (kind === 'not checked') return 'Not worked out: the engine is away.';
  if (preview === null) return 'Checking…';
  if (hasErrors(preview)) return 'Not known until the errors are gone.';
  return noFile ? 'No link changes.' : 'No link changes: only the text does.';
}

/** The links among them that are paused, a line each: one text, so that only another one draws anew. */
function pausedOf({ snapshot }: EngineState, changes: readonly SettingsChange[]): string {
  return changes
    .filter(({ link }) => {
      const held = snapshot?.links[link];
      return held !== undefined && isPaused(held);
    })
    .map(({ link }) => link)
    .join('\n');
}
