import type { LinkAbout } from '../../../shared/linkView.ts';
import type { SettingsChange } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import { isPaused, type Tone } from '../../standing.ts';
import { selectPoolNames } from '../../store/engine.ts';
import { useEngineState, useLink, useLinkNames } from '../../store/hooks.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { consequence } from './problemText.ts';
import { hasErrors } from './Review.tsx';
import { isCurrent, type Previewed } from './usePreview.ts';

interface Props {
  readonly what: 'Apply' | 'Undo';
  readonly previewed: Previewed;
  /** Whether there is anything to write. */
  readonly dirty: boolean;
  readonly noFile: boolean;
}

/** The first in this order are those whose socket it concerns. */
const ORDER: readonly SettingsChange['effect'][] = [
  'redial',
  'readdress',
  'removed',
  'paused',
  'restart',
  'resubscribe',
  'added',
  'resumed',
  'live',
];

const NO_POOLS: readonly string[] = [];

/** What applying the text, or an undo, will do to each link and pool, and which it leaves alone, before it is done. */
export function ChangeList({ what, previewed, dirty, noFile }: Props) {
  // What an earlier text would have done helps nobody while no answer of this one can come.
  const preview = previewed.kind === 'not checked' ? null : previewed.preview;
  const links = useLinkNames();
  const pools = useEngineState(selectPoolNames) ?? NO_POOLS;
  const known = preview !== null && !hasErrors(preview);
  const changes = dirty && preview !== null ? preview.changes : [];
  const inOrder = [...changes].sort((a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect));
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
        {inOrder.map((change) => (
          <Change key={`${change.pool === true} ${change.link}`} change={change} />
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

function Change({ change }: { readonly change: SettingsChange }) {
  const link = useLink(change.link);
  const paused = change.pool !== true && link !== null && isPaused(link);
  return (
    <li>
      <StatusMark tone={toneOfEffect(change.effect)} />
      <div>
        <strong>
          <bdi>{change.link}</bdi>
        </strong>{' '}
        – {consequence(change.effect, paused)}
        {change.effect === 'redial' && !paused && <Cover link={change.link} />}
        {change.keys.map((key) => (
          <div className="key-change" key={key.key}>
            <code>{key.key}</code> {key.from} → <b>{key.to}</b>
          </div>
        ))}
      </div>
    </li>
  );
}

/** What keeps the link alive while its new socket is made, as it is at this moment. */
function Cover({ link }: { readonly link: string }) {
  const about = useLink(link)?.about ?? null;
  return about === null ? null : <div className="dim">{coverText(about)}</div>;
}

function coverText({ pendingSettings, standby, timings }: LinkAbout): string {
  // What that was made with is not told.
  if (pendingSettings) return 'its settings are not in force yet: a socket that was made with these stays in use';
  const dial = timings === null ? '' : `; the last dial took ${Math.round(timings.totalMs)} ms`;
  if (standby === 'ready') return `a standby is ready and covers it${dial}`;
  const why = standby === 'building' ? 'its standby is not ready yet' : 'no standby covers it';
  return `${why}: the socket in use stays until the new one is up${dial}`;
}

function toneOfEffect(effect: SettingsChange['effect']): Tone {
  if (effect === 'live' || effect === 'added' || effect === 'resumed') return 'good';
  return effect === 'paused' || effect === 'removed' ? 'idle' : 'warn';
}
