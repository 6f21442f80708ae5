import { useRef } from 'react';
import { stateWord } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { stateDetail, toneOf, waitsUntil } from '../../standing.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { cell } from './cell.ts';

/** The state's word and, while it waits, how long still: a ring for time, a bar for subscriptions. */
export const StateCell = cell(['state', 'health', 'about'], ({ link, stale }) => {
  const until = waitsUntil(link);
  return (
    <td className={until === null ? 'state' : 'state waits'}>
      <StatusMark tone={stale ? 'idle' : toneOf(link)} />
      <span>{stateWord(link.state)}</span>
      {until === null ? <Detail link={link} /> : <Wait state={link.state} until={until} />}
    </td>
  );
});

function Detail({ link }: { readonly link: Pick<LinkView, 'state' | 'about'> }) {
  const { state } = link;
  return (
    <>
      <span className="dim">{stateDetail(link)}</span>
      {state.kind === 'restoring' && (
        <span className="bar-of" aria-hidden="true">
          <span style={{ width: `${(100 * state.acked) / Math.max(1, state.wanted)}%` }} />
        </span>
      )}
    </>
  );
}

/** A wait without a known length is as long as it was when it was first seen. */
function Wait({ state, until }: { readonly state: LinkView['state']; readonly until: MonoMs }) {
  const seen = useRef<{ readonly until: MonoMs; readonly leftMs: number } | null>(null);
  const left = useAtNow((now) => {
    if (seen.current?.until !== until) seen.current = { until, leftMs: until - now };
    return seen.current.leftMs;
  }, 0);
  const place = state.kind === 'waiting' && state.reason.kind === 'queued' ? state.reason.place : null;
  return (
    <>
      {place !== null && <span className="dim">no. {place}</span>}
      <Countdown until={until} totalMs={state.kind === 'waiting' && place === null ? state.delayMs : left} short />
    </>
  );
}
