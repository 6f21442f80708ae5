import type { LinkAbout } from '../../../shared/linkView.ts';
import type { SettingsChange } from '../../../shared/settingsView.ts';
import { plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { useLink } from '../../store/hooks.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { useGateCost } from '../../ui/useGateCost.ts';
import type { ChangeGroup } from './changeGroups.ts';
import { consequence } from './problemText.ts';

/** So many names are read at a glance; more are there on demand. */
const NAMED = 3;

/** What becomes of some links or pools alike: which, what happens to their sockets, and by which keys. */
export function ChangeEntry({ group }: { readonly group: ChangeGroup }) {
  const { names, effect, paused, keys, of } = group;
  const redial = effect === 'redial' && of === 'links' && !paused;
  const named = names.length <= NAMED;
  return (
    <li>
      <StatusMark tone={toneOfEffect(effect)} />
      <div>
        <strong>
          {named
            ? names.map((name, at) => (
                <span key={name}>
                  {at > 0 && ', '}
                  <bdi>{name}</bdi>
                </span>
              ))
            : `${names.length} ${of}`}
        </strong>{' '}
        – {consequence(effect, paused)}
        {redial && <GateCost names={names} />}
        {keys.map((key) => (
          <div className="key-change" key={key.key}>
            <code>{key.key}</code> {key.from} → <b>{key.to}</b>
          </div>
        ))}
        {redial && named && names.map((name) => <Cover key={name} link={name} alone={names.length === 1} />)}
        {!named && (
          <details className="untouched">
            <summary>Which {plural(names.length, of.slice(0, -1))}</summary>
            {redial ? (
              names.map((name) => <Cover key={name} link={name} alone={false} />)
            ) : (
              <p className="dim">
                {names.map((name) => (
                  <bdi key={name}>{name}</bdi>
                ))}
              </p>
            )}
          </details>
        )}
      </div>
    </li>
  );
}

function GateCost({ names }: { readonly names: readonly string[] }) {
  const cost = useGateCost(names);
  return cost === null ? null : <div>{cost}</div>;
}

/** What keeps the link alive while its new socket is made, as it is at this moment. */
function Cover({ link, alone }: { readonly link: string; readonly alone: boolean }) {
  const about = useLink(link)?.about ?? null;
  if (about === null) return null;
  return (
    <div className="dim">
      {!alone && (
        <>
          <bdi>{link}</bdi>:{' '}
        </>
      )}
      {coverText(about)}
    </div>
  );
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
