import { phaseText } from '../../../shared/linkState.ts';
import { assertNever } from '../../../shared/outcome.ts';
import {
  TRIAL_LIMIT_MS,
  TRIAL_PINGS,
  type TrialPhase,
  type TrialPing,
  type TrialStage,
  type TrialView,
} from '../../../shared/trial.ts';
import { duration, fixedMs, NOTHING, plural } from '../../format.ts';
import { TrialResultText } from './TrialResultText.tsx';
import { TrialSubscriptions } from './TrialSubscriptions.tsx';
import type { TrialState } from './useTrial.ts';

interface Props {
  readonly trial: TrialState;
  /** What it is to subscribe to. */
  readonly names: readonly string[];
}

/** One test as it goes on: phases, ten pings, acks, first data, and what came of it. Every figure has its place from the start. */
export function TrialPanel({ trial, names }: Props) {
  const view = trial.kind === 'none' ? null : trial.view;
  return (
    <section className="panel trial" aria-label="Connection test">
      <div className="panel-head">
        <h2>
          Connection test <span className="dim">ends by itself within {TRIAL_LIMIT_MS / 1000} s; nothing is saved</span>
        </h2>
      </div>
      <p className="trial-stage">{stageText(trial)}</p>
      <div className="trial-figures">
        <Phases view={view} />
        <Pings view={view} />
      </div>
      <TrialSubscriptions view={view} names={names} />
      <TrialResultText trial={trial} />
    </section>
  );
}

function stageText(trial: TrialState): string {
  if (trial.kind === 'none') return 'Not tested yet.';
  if (trial.kind === 'lost') return 'The connection to Warmwire’s engine was lost, and the test ended with it.';
  if (trial.view === null) return 'Starting…';
  const { stage, elapsedMs, address } = trial.view;
  const again =
    trial.kind === 'running' && trial.again ? ' The engine was restarted, so the test has started again.' : '';
  if (stage.kind === 'over')
    return `Ended after ${duration(elapsedMs)}${address === null ? '' : `; it was connected to ${address}`}.`;
  return `${duration(elapsedMs)}: ${nowText(stage, trial.view)}${again}`;
}

function nowText(
  stage: Exclude<TrialStage, { kind: 'over' }>,
  { address, phase, pings, pingsWanted }: TrialView,
): string {
  switch (stage.kind) {
    case 'queued':
      return `${stage.place === 1 ? 'next' : `number ${stage.place}`} in the queue of dials to ${stage.origin}, about ${duration(stage.waitMs)} to go`;
    case 'connecting':
      return phase === null ? 'dialling' : phaseText(phase);
    case 'open':
      return `connected to ${address ?? 'the venue'}, ${pings.length} of ${plural(pingsWanted, 'ping')} done`;
    default:
      return assertNever(stage);
  }
}

const PHASES: readonly (readonly [TrialPhase, string])[] = [
  ['resolving', 'name resolution'],
  ['tcp', 'TCP'],
  ['tls', 'TLS'],
  ['upgrade', 'upgrade'],
  ['subscribe', 'acks'],
  ['data', 'first data'],
];

/** Of row L14. A token is asked for by few venues, and has its row only there. */
function Phases({ view }: { readonly view: TrialView | null }) {
  const ended = new Map(view?.phases.map(({ phase, ms }) => [phase, ms]));
  const rows = ended.has('token') ? [['token', 'token'] as const, ...PHASES] : PHASES;
  return (
    <table className="plain phases-table">
      <thead>
        <tr>
          <th scope="col">phase</th>
          <th scope="col" className="num">
            ms
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([phase, text]) => (
          <tr key={phase}>
            <td>{text}</td>
            <td className="num" data-phase={phase}>
              {phaseFigure(ended.get(phase), view, phase)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The phase that it is in, or ended in, has a word in place of a figure. */
function phaseFigure(ms: number | undefined, view: TrialView | null, phase: TrialPhase): string {
  if (ms !== undefined || view?.phase !== phase) return fixedMs(ms);
  return view.stage.kind === 'over' ? 'failed' : '…';
}

const PLACES = Array.from({ length: TRIAL_PINGS }, (_, index) => index);
const HALF = TRIAL_PINGS / 2;

function Pings({ view }: { readonly view: TrialView | null }) {
  const none = view !== null && view.stage.kind !== 'over' && view.pingsWanted === 0;
  return (
    <table className="plain pings-table" aria-label="Round trips of ten pings">
      <thead>
        <tr>
          <th scope="col">ping</th>
          <th scope="col" className="num">
            RTT ms
          </th>
          <th scope="col">ping</th>
          <th scope="col" className="num">
            RTT ms
          </th>
        </tr>
      </thead>
      <tbody>
        {PLACES.slice(0, HALF).map((row) => (
          <tr key={row}>
            {[row, row + HALF].map((place) => (
              <PingCells key={place} place={place} ping={view?.pings[place]} />
            ))}
          </tr>
        ))}
        <tr>
          <td colSpan={4} className="dim">
            {none
              ? 'this venue answers no ping, so RTT cannot be measured'
              : '1 s apart, less where the preset pings faster'}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function PingCells({ place, ping }: { readonly place: number; readonly ping: TrialPing | undefined }) {
  return (
    <>
      <td className="dim">{place + 1}</td>
      <td className="num" data-ping={place + 1}>
        {pingText(ping)}
      </td>
    </>
  );
}

function pingText(ping: TrialPing | undefined): string {
  if (ping === undefined) return NOTHING;
  if (ping.kind === 'answered') return fixedMs(ping.rttMs);
  return ping.kind === 'missed' ? 'missed' : 'unclear';
}
