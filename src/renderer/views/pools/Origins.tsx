import type { OriginView, PoolView } from '../../../shared/pool.ts';
import { fixedMs, NOTHING } from '../../format.ts';
import { useAtNow, useStale } from '../../store/hooks.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { Phases } from './Phases.tsx';
import { limitText, limitTitle, originTone, originWhy, retryAt } from './poolStanding.ts';

const HEADS = [
  ['State', 'o-state', false],
  ['Origin', 'o-url', false],
  ['Ready', 'o-ready', true],
  ['Idle sockets: unused for, of limit', 'o-ages', false],
  ['Idle limit', 'o-limit', false],
  ['Refresh in', 'o-refresh', true],
  ['Active', 'o-few', true],
  ['Opening', 'o-few', true],
  ['Wait', 'o-few', true],
  ['Warm ms', 'o-ms', true],
  ['Cold ms', 'o-ms', true],
] as const;

/** Row P5: each origin on two lines that are always there, so that a failure moves nothing. */
export function Origins({ pool }: { readonly pool: PoolView }) {
  return (
    <table className="links origins" aria-label={`Origins of ${pool.name}`}>
      <thead>
        <tr>
          {HEADS.map(([head, width, numeric]) => (
            <th key={head} scope="col" className={numeric ? `num ${width}` : width}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {pool.origins.map((origin) => (
        <Origin key={origin.url} origin={origin} />
      ))}
    </table>
  );
}

function Origin({ origin }: { readonly origin: OriginView }) {
  const stale = useStale();
  const { state, ready, wanted, nextRefreshAt } = origin;
  const until = retryAt(state);
  const why = originWhy(origin);
  const peer = [origin.protocol === 'h2' ? 'HTTP/2' : origin.protocol === 'h1' ? 'HTTP/1.1' : null, origin.address];
  return (
    <tbody data-origin={origin.url}>
      <tr>
        <td className="state">
          <StatusMark tone={stale ? 'idle' : originTone(state)} />
          <span>{state.kind}</span>{' '}
          {until !== null && (
            <span>
              <span className="dim">retry in</span> <Countdown until={until} totalMs={null} />
            </span>
          )}
        </td>
        <td title={origin.url}>
          <bdi>{origin.url}</bdi>
        </td>
        <td className={ready < wanted ? 'num short' : 'num'}>
          {ready}/{wanted}
        </td>
        <td>
          <Ages origin={origin} />
        </td>
        <td className="dim" title={limitTitle(origin.idleLimit)}>
          {limitText(origin.idleLimit)}
        </td>
        <td className="num">{nextRefreshAt === null ? NOTHING : <Countdown until={nextRefreshAt} totalMs={null} />}</td>
        <td className="num">{origin.active}</td>
        <td className="num">{origin.connecting}</td>
        <td className={origin.pending > 0 ? 'num short' : 'num'}>{origin.pending}</td>
        <td className="num">{fixedMs(origin.lastWarmMs)}</td>
        <td className="num">{fixedMs(origin.lastColdMs)}</td>
      </tr>
      <tr className="second">
        {state.kind === 'failing' ? (
          <td colSpan={HEADS.length} className="word-bad" title={why}>
            {why}
          </td>
        ) : (
          <>
            <td colSpan={3} className="dim" title={why}>
              {why === '' ? peer.filter((part) => part !== null).join(' · ') : why}
            </td>
            <td colSpan={HEADS.length - 3}>
              <Phases url={origin.url} last={origin.last} />
            </td>
          </>
        )}
      </tr>
    </tbody>
  );
}

/** How long each idle socket was not used: a tick on a track as long as the idle limit, and the least and the most in figures. */
function Ages({ origin }: { readonly origin: OriginView }) {
  const { idleSince, idleLimit } = origin;
  const at = useAtNow(
    (now) => idleSince.map((since) => Math.round(Math.min(1, Math.max(0, (now - since) / idleLimit.ms)) * 80)).join(),
    '',
  );
  const [freshest, oldest] = [idleSince[0] ?? null, idleSince.at(-1) ?? null];
  return (
    <span className="ages">
      <svg width="82" height="10" viewBox="0 0 82 10" aria-hidden="true">
        <line className="track" x1="1" x2="81" y1="5" y2="5" />
        {(at === '' ? [] : at.split(',')).map((x, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ticks have no names, and two may be alike
          <line key={i} className="tick" x1={1 + Number(x)} x2={1 + Number(x)} y1="0.5" y2="9.5" />
        ))}
      </svg>
      {freshest === null || oldest === null ? (
        <span className="dim">none idle</span>
      ) : idleSince.length === 1 ? (
        <Age since={freshest} />
      ) : (
        <span>
          <Age since={freshest} /> <span className="dim">to</span> <Age since={oldest} />
        </span>
      )}
    </span>
  );
}
