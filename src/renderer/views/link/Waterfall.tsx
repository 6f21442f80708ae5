import { useState } from 'react';
import { type ConnectPhase, phaseText } from '../../../shared/linkState.ts';
import type { LinkView } from '../../../shared/linkView.ts';
import type { DialView } from '../../../shared/socketView.ts';
import { exactMs, timeOfDay } from '../../format.ts';
import { Segmented } from '../../ui/Segmented.tsx';

const PHASES = [
  ['token', 'tokenMs'],
  ['DNS', 'dnsMs'],
  ['TCP', 'tcpMs'],
  ['TLS', 'tlsMs'],
  ['upgrade', 'upgradeMs'],
  ['subscribe', 'subscribeMs'],
  ['first data', 'firstDataMs'],
] as const;

/** In which of them a dial can fail. */
const FAILS_IN: Readonly<Record<ConnectPhase, (typeof PHASES)[number][1]>> = {
  token: 'tokenMs',
  resolving: 'dnsMs',
  tcp: 'tcpMs',
  tls: 'tlsMs',
  upgrade: 'upgradeMs',
};

const isFailed = ({ failed }: DialView, key: (typeof PHASES)[number][1]): boolean =>
  failed !== null && FAILS_IN[failed.phase] === key;

const LOOKS = [
  { value: 'bars', text: 'Bars' },
  { value: 'table', text: 'Table', title: 'The same as numbers, all dials side by side' },
] as const;

/** Row L14: what each part of a dial took, the last one and a few before it. */
export function Waterfall({ link }: { readonly link: LinkView }) {
  const [look, setLook] = useState<'bars' | 'table'>('bars');
  const [chosen, setChosen] = useState<number | null>(null);
  const dials = link.about.dials.toReversed();
  const dial = dials.find(({ generation }) => generation === chosen) ?? dials[0];
  return (
    <section className="panel" aria-label="Connect phases">
      <div className="panel-head">
        <h2>
          Connect phases <span className="dim">ms, newest dial first</span>
        </h2>
        {look === 'bars' && dial !== undefined && (
          <Segmented
            label="Dial"
            options={dials.map(({ generation }) => ({ value: generation, text: `#${generation}` }))}
            value={dial.generation}
            onChange={setChosen}
          />
        )}
        <Segmented label="Look" options={LOOKS} value={look} onChange={setLook} />
      </div>
      {dial === undefined ? (
        <p className="nothing">Nothing was dialled yet.</p>
      ) : look === 'bars' ? (
        <Bars dial={dial} />
      ) : (
        <DialTable dials={dials} />
      )}
    </section>
  );
}

/** Each phase begins where the one before has ended. */
function Bars({ dial }: { readonly dial: DialView }) {
  const sumMs = PHASES.reduce((sum, [, key]) => sum + (dial[key] ?? 0), 0);
  const wholeMs = Math.max(sumMs, dial.totalMs ?? 0, 0.001);
  let fromMs = 0;
  return (
    <>
      <ul className="waterfall">
        {PHASES.map(([text, key]) => {
          const failed = isFailed(dial, key);
          const lastedMs = failed && dial.totalMs !== null ? wholeMs - fromMs : dial[key];
          const left = (fromMs / wholeMs) * 100;
          fromMs += lastedMs ?? 0;
          return (
            <li key={key}>
              <span className="dim">{text}</span>
              <span className="phase-track" aria-hidden="true">
                {lastedMs !== null && (
                  <span
                    className={failed ? 'phase-bar failed' : 'phase-bar'}
                    style={{ left: `${left}%`, width: `${(lastedMs / wholeMs) * 100}%` }}
                  />
                )}
              </span>
              {failed ? <span className="num word-bad">failed</span> : <span className="num">{exactMs(lastedMs)}</span>}
            </li>
          );
        })}
      </ul>
      <p className="foot waterfall-foot">
        {timeOfDay(dial.wall)}, {outcomeText(dial)}
      </p>
    </>
  );
}

function outcomeText({ failed, totalMs }: DialView): string {
  if (failed !== null) return `failed at ${phaseText(failed.phase)} after ${exactMs(totalMs)} ms: ${failed.why}`;
  return totalMs === null ? 'on its way' : `${exactMs(totalMs)} ms in all`;
}

function DialTable({ dials }: { readonly dials: readonly DialView[] }) {
  return (
    <div className="scroll-box">
      <table className="plain dials">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            {dials.map(({ generation, wall }) => (
              <th key={generation} scope="col" className="num" title={timeOfDay(wall)}>
                #{generation}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PHASES.map(([text, key]) => (
            <tr key={key}>
              <th scope="row">{text}</th>
              {dials.map((dial) => (
                <td key={dial.generation} className={isFailed(dial, key) ? 'num word-bad' : 'num'}>
                  {isFailed(dial, key) ? 'failed' : exactMs(dial[key])}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">in all</th>
            {dials.map((dial) => (
              <td
                key={dial.generation}
                className={dial.failed === null ? 'num' : 'num word-bad'}
                title={outcomeText(dial)}
              >
                {dial.failed === null ? '' : 'failed '}
                {exactMs(dial.totalMs)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
