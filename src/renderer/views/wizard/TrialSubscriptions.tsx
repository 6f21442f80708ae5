import type { TrialSubscription, TrialView } from '../../../shared/trial.ts';
import { duration, plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

const SHOWN = 200;

interface Props {
  readonly view: TrialView | null;
  /** What is to be subscribed to: each has its row before the test knows of it. */
  readonly names: readonly string[];
}

/** Ack and data of each subscription; those that are in trouble first. */
export function TrialSubscriptions({ view, names }: Props) {
  const told = view?.subscriptions ?? [];
  const all = told.length > 0 ? told : names.map(notYet);
  const rows = [...all].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  const acked = all.filter(({ status }) => status === 'acked').length;
  return (
    <ScrollBox className="trial-subscriptions" aria-label="Subscriptions">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              subscription {told.length > 0 && `(${acked} of ${plural(all.length, 'acknowledgement')})`}
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

const notYet = (name: string): TrialSubscription => ({ name, status: 'unsent', dataAgeMs: null, isTold: true });

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
