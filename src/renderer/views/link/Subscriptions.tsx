import type { LinkView } from '../../../shared/linkView.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import { count, NOTHING } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { useAtNow } from '../../store/hooks.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';

const COLUMNS: readonly GridColumn[] = [
  { key: 'name', head: 'Subscription', title: 'Channel and symbol, as in the settings' },
  {
    key: 'status',
    head: 'Acknowledged',
    title: 'What the venue has answered on this socket, and when it is asked again',
  },
  { key: 'since', head: 'For', title: 'Since when it has that status', numeric: true },
  {
    key: 'data',
    head: 'Data age',
    title: 'Since its last data on this socket; n/a where its frames look like others',
    numeric: true,
  },
  { key: 'missing', head: 'Missing', title: 'Message numbers that never came (watch_sequence)', numeric: true },
  { key: 'twice', head: 'Twice', title: 'Message numbers that came again', numeric: true },
  { key: 'late', head: 'Late', title: 'Message numbers that came out of order', numeric: true },
  { key: 'resets', head: 'Resets', title: 'How often its numbers began anew', numeric: true },
];

const STATUS: Readonly<Record<SubscriptionView['status'], { readonly tone: Tone; readonly text: string }>> = {
  unsent: { tone: 'idle', text: 'not sent yet' },
  sent: { tone: 'warn', text: 'sent, no ack yet' },
  acked: { tone: 'good', text: 'acknowledged' },
  'never-acked': { tone: 'bad', text: 'never acknowledged' },
  refused: { tone: 'bad', text: 'refused by the venue' },
};

/** The page hears of a subscription's data once a second. */
const TOLD_EVERY_MS = 1000;

/** Rows L5, L9 and L15: what is wanted, how far each of it is, and what its messages show. */
export function Subscriptions({ link }: { readonly link: LinkView }) {
  const { about, subscriptions } = link;
  const noticeMs = about.expectsData ? about.dataNoticeMs : Number.POSITIVE_INFINITY;
  const acked = subscriptions.filter(({ status }) => status === 'acked').length;
  return (
    <section className="panel" aria-label="Subscriptions">
      <h2>
        Subscriptions{' '}
        <span className="dim">
          {subscriptions.length === 0 ? '' : `${acked} of ${subscriptions.length} acknowledged on this socket`}
        </span>
      </h2>
      {subscriptions.length === 0 ? (
        <p className="nothing">None in the settings.</p>
      ) : (
        <ScrollBox className="scroll-box subscription-box" aria-label="All subscriptions">
          <table className="plain subscription-table">
            <GridHead columns={COLUMNS} prefix="scol" />
            <tbody>
              {subscriptions.map((subscription, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two raw ones may be alike
                <Row key={`${i} ${subscription.name}`} {...subscription} noticeMs={noticeMs} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}

function Row(props: SubscriptionView & { readonly noticeMs: number }) {
  const { name, status, since, dataAt, told, retried, againAt, sequence, noticeMs } = props;
  const { tone, text } = STATUS[status];
  const isQuiet = useAtNow((now) => dataAt !== null && now - dataAt > noticeMs + TOLD_EVERY_MS, false, false);
  return (
    <tr>
      <td className="ellipsis" title={name}>
        <bdi>{name}</bdi>
      </td>
      <td title={retried ? 'Its data stopped; it was unsubscribed and subscribed anew, once' : undefined}>
        <NowMark tone={retried && tone !== 'bad' ? 'warn' : tone} /> {text}
        {retried && ', retried'}
        {againAt !== null && (
          <>
            , again in <Countdown until={againAt} totalMs={null} short />
          </>
        )}
      </td>
      <td className="num">
        <Age since={since} />
      </td>
      <td
        className={isQuiet ? 'num old' : 'num'}
        title={isQuiet ? 'Older than the notice: its data stopped, or its market is quiet' : undefined}
      >
        <Age since={dataAt} never={told ? 'none' : 'n/a'} />
      </td>
      {([sequence?.missing, sequence?.duplicates, sequence?.reordered, sequence?.resets] as const).map((value, i) => (
        <td key={COLUMNS[i + 4]?.key} className={value === undefined ? 'num few' : 'num'}>
          {value === undefined ? NOTHING : count(value)}
        </td>
      ))}
    </tr>
  );
}
