import type { TrialSubscription, TrialView } from '../../../shared/trial.ts';
import { duration, plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

const SHOWN = 200;

/** Ack and data of each subscription; those that are in trouble first. */
export function TrialSubscriptions({ view }: { readonly view: TrialView | null }) {
  const all = view?.subscriptions ?? [];
  const rows = [...all].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  const acked = all.filter(({ status }) => status === 'acked').length;
  return (
    <ScrollBox className="trial-subscriptions" aria-label="Subscriptions">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              subscription {all.length > 0 && `(${acked} of ${plural(all.length, 'acknowledgement')})`}
            </th>
            <th scope="col">ack</th>
            <th scope="col" className="num">
              last data
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.name}>
              <td className="ellipsis" title={one.name}>
                <bdi>{one.name}</bdi>
              </td>
              <td>
                <StatusMark tone={TONES[one.status]} /> {WORDS[one.status]}
              </td>
              <td className="num">{dataText(one)}</td>
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={3} className="dim">
                {'none'}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {all.length > SHOWN && <p className="foot">and {all.length - SHOWN} more</p>}
    </ScrollBox>
  );
}

type Status = TrialSubscription['status'];

const TONES: Readonly<Record<Status, Tone>> = {
  refused: 'bad',
  'never-acked': 'warn',
  unsent: 'idle',
  sent: 'idle',
  acked: 'good',
};

const WORDS: Readonly<Record<Status, string>> = {
  refused: 'refused',
  'never-acked': 'none came',
  unsent: 'not sent',
  sent: 'awaited',
  acked: 'acknowledged',
};

const ORDER: readonly Status[] = ['refused', 'never-acked', 'unsent', 'sent', 'acked'];
const rank = ({ status }: TrialSubscription): number => ORDER.indexOf(status);

function dataText({ dataAgeMs, isTold }: TrialSubscription): string {
  if (dataAgeMs !== null) return `${duration(dataAgeMs)} ago`;
  return isTold ? 'none' : 'not told apart';
}
