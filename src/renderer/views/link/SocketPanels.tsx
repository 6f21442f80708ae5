import { isOpen } from '../../../shared/health.ts';
import { isHeldOpen, reasonText } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import type { SocketView } from '../../../shared/socketView.ts';
import { count, exactMs, plural } from '../../format.ts';
import type { Tone } from '../../standing.ts';
import { useCommands } from '../../store/commands.ts';
import { useAtNow } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Age, Countdown, Fact } from '../../ui/Figure.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { rotateBlocked } from './LinkActions.tsx';
import { routeText, routeTone, routeWord } from './routeText.ts';

interface Props {
  readonly link: LinkView;
}

const ROLE = {
  'in use': { tone: 'good', title: 'Everything counted and measured is of this one' },
  successor: { tone: 'warn', title: 'Is made ready and then takes over' },
  standby: { tone: 'good', title: 'Up and subscribed, or about to be; takes over at once when the other is lost' },
  retiring: { tone: 'idle', title: 'Out of use; stays for the overlap, or closes' },
  measuring: { tone: 'idle', title: 'Subscribes to nothing and only measures another address' },
} as const satisfies Record<SocketView['role'], { tone: Tone; title: string }>;

/** Row L19: every socket the link has, by its number. */
export function Generations({ link }: Props) {
  const { sockets, standby, replacing } = link.about;
  return (
    <section className="panel" aria-label="Sockets">
      <h2>
        Sockets <span className="dim">standby {standby}</span>
      </h2>
      {sockets.length === 0 ? (
        <p className="nothing">No socket is open or being dialled.</p>
      ) : (
        <WideBox label="All sockets">
          <table className="plain sockets">
            <thead>
              <tr>
                <th scope="col" className="num">
                  #
                </th>
                <th scope="col">Role</th>
                <th scope="col">Address</th>
                <th scope="col" className="num">
                  Age
                </th>
              </tr>
            </thead>
            <tbody>
              {sockets.map(({ generation, role, url, openedAt }) => (
                <tr key={generation}>
                  <td className="num">{generation}</td>
                  <td title={ROLE[role].title}>
                    <NowMark tone={openedAt === null ? 'idle' : ROLE[role].tone} />{' '}
                    {openedAt === null && role === 'in use' ? 'to be used' : role}
                  </td>
                  <td className="ellipsis" title={url}>
                    <bdi>{url}</bdi>
                  </td>
                  <td className="num">
                    <Age since={openedAt} never="dialling" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideBox>
      )}
      {replacing !== null && <p className="foot">A new socket is made ready: {reasonText(replacing)}.</p>}
    </section>
  );
}

/** Row L13: what each address measures, and what a switch waits for. */
export function Routes({ link }: Props) {
  const { about } = link;
  const isConnected = isOpen(link.state);
  const text = useAtNow((now) => routeText(about, isConnected, now), null);
  return (
    <section className="panel" aria-label="Addresses">
      <h2>
        Addresses <span className="dim">p50 ms of the last 30 pings</span>
      </h2>
      <ul className="subscriptions">
        {about.routes.map((route) => (
          <li key={route.url}>
            <NowMark tone={routeTone(route, link.state)} />
            <bdi title={route.url}>{route.url}</bdi>
            <span className="dim">{routeWord(route, link.state)}</span>
            <span className="num route-p50">{exactMs(route.p50Ms)}</span>
          </li>
        ))}
      </ul>
      <p className="foot route-text">{text ?? 'One address: there is nothing to switch to (more_urls adds others).'}</p>
    </section>
  );
}

/** Row L12: when sockets change by plan, and what the last change proved. */
export function Rotation({ link }: Props) {
  const commands = useCommands();
  const offline = useOffline();
  const { dueAt, proof } = link.about.rotation;
  const { state, name } = link;
  return (
    <section className="panel" aria-label="Rotation">
      <div className="panel-head">
        <h2>Planned rotation</h2>
        <ActionButton
          className="button"
          blocked={offline ?? rotateBlocked(state)}
          title="A new socket takes over now; both stay open for the overlap, which shows whether anything was missed"
          onClick={() => commands.rotate(name)}
        >
          Rotate now
        </ActionButton>
      </div>
      <dl className="facts">
        <Fact
          label="Next, before the venue’s cut"
          title="rotate_after_hours, and the venue’s limit on age if it is shorter"
        >
          {dueAt === null ? 'none is planned' : <Countdown until={dueAt} totalMs={null} />}
        </Fact>
        <Fact label="Last proof" title="What the overlap of the two sockets showed, where messages have numbers">
          {proof === null ? 'no rotation yet' : proofText(proof)}
        </Fact>
        <Fact label="Proved">
          <Age since={proof?.at ?? null} />
        </Fact>
      </dl>
    </section>
  );
}

function proofText({ missed, duplicates }: { readonly missed: number | null; readonly duplicates: number }): string {
  if (missed === null) return 'no subscription has numbers';
  return `${count(missed)} missed, ${plural(duplicates, 'duplicate')} dropped`;
}

/** Row L8: open by failures or by hand, and what it waits for. */
export function Breaker({ link }: Props) {
  const { state, about, counters } = link;
  const { tone, word } = breakerLook(link);
  const until = state.kind === 'blocked' ? state.until : null;
  return (
    <section className="panel" aria-label="Breaker">
      <h2>Breaker</h2>
      <dl className="facts">
        <Fact label="State">
          <NowMark tone={tone} /> {word}
        </Fact>
        <Fact label="Next trial in">{until === null ? '–' : <Countdown until={until} totalMs={null} />}</Fact>
        <Fact label="Failures in a row" title="Dials that failed, and sockets that died before they were stable">
          {about.breakerFailures === 0
            ? count(counters.failuresInARow)
            : `${count(counters.failuresInARow)}, opens at ${about.breakerFailures}`}
        </Fact>
      </dl>
    </section>
  );
}

function breakerLook({ state, about, counters }: LinkView): { tone: 'good' | 'warn' | 'bad' | 'idle'; word: string } {
  if (isHeldOpen(state)) return { tone: 'bad', word: 'held open by you' };
  if (state.kind === 'blocked') return { tone: 'bad', word: 'open' };
  if (about.breakerFailures === 0) return { tone: 'idle', word: 'off' };
  if (counters.failuresInARow < about.breakerFailures) return { tone: 'good', word: 'closed' };
  return { tone: 'warn', word: 'half-open: this is the trial' };
}
