import { assertNever } from '../../../shared/outcome.ts';
import type { TrialResult, TrialView } from '../../../shared/trial.ts';
import { blameText, type Verdict } from '../../../shared/verdict/verdict.ts';
import { latency, plural } from '../../format.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { problemText } from '../settings/problemText.ts';
import type { TrialState } from './useTrial.ts';

/** What came of the test: the only part of it that is read out. */
export function TrialResultText({ trial }: { readonly trial: TrialState }) {
  const over = trial.kind === 'over' && trial.view.stage.kind === 'over' ? trial.view : null;
  return (
    <div className="trial-result" role="status" data-testid="trial-result">
      {over !== null && over.stage.kind === 'over' && <Result result={over.stage.result} view={over} />}
      {trial.kind === 'lost' && (
        <p>
          <StatusMark tone="warn" /> <strong>Not known.</strong> Test again once the engine is there.
        </p>
      )}
    </div>
  );
}

function Result({ result, view }: { readonly result: TrialResult; readonly view: TrialView }) {
  switch (result.kind) {
    case 'works':
      return (
        <p>
          <StatusMark tone="good" /> <strong>Works.</strong> {worksText(result, view)}
        </p>
      );
    case 'failed':
      return (
        <>
          <p>
            <StatusMark tone="bad" /> <strong>Does not work:</strong> {result.reason}.
          </p>
          {result.verdict !== null && (
            <p>
              <span className="dim">Cause</span> {causeText(result.verdict, result.reason)}.
            </p>
          )}
          {result.advice !== '' && (
            <p>
              <span className="dim">What to do</span> {capital(result.advice)}.
            </p>
          )}
        </>
      );
    case 'unfit':
      return (
        <>
          <p>
            <StatusMark tone="bad" /> <strong>Not tried:</strong> the settings would not take it.
          </p>
          {result.problems.slice(0, 5).map((problem) => (
            <p key={`${problem.line}:${problem.column}`}>{capital(problemText(problem))}.</p>
          ))}
        </>
      );
    default:
      return assertNever(result);
  }
}

/** What was said already as the reason is not said again as evidence. */
function causeText({ cause, certainty, blame, evidence }: Verdict, reason: string): string {
  const more = evidence.filter((clause) => clause !== reason);
  return `${cause} (${certainty}, ${blameText(blame)})${more.length === 0 ? '' : `: ${more.join('; ')}`}`;
}

function worksText(result: TrialResult & { kind: 'works' }, view: TrialView): string {
  const { rtt, firstDataMs } = result;
  const pings = view.pings.length;
  const missed = view.pings.filter(({ kind }) => kind === 'missed').length;
  const unclear = view.pings.filter(({ kind }) => kind === 'unmeasured').length;
  const silent = view.subscriptions.filter(({ isTold, dataAgeMs }) => isTold && dataAgeMs === null).length;
  const sentences = [
    rtt === null
      ? 'RTT could not be measured.'
      : `RTT p50 ${latency(rtt.p50Ms)}, min ${latency(rtt.minMs)}, max ${latency(rtt.maxMs)} of ${plural(rtt.samples, 'ping')}.`,
    missed > 0 ? `${missed} of ${pings} not answered in time.` : '',
    unclear > 0
      ? `${unclear} of ${pings} gave no figure: this machine was held up, or two pings were out at once.`
      : '',
    firstDataMs === null
      ? 'No data came, and none was asked for.'
      : `First data ${latency(firstDataMs)} after the dial.`,
    silent > 0 ? `${plural(silent, 'subscription')} had no data yet.` : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
