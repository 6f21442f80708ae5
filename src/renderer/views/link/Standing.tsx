import type { LinkView } from '../../../shared/linkView.ts';
import { same } from '../../../shared/same.ts';
import { unfitText } from '../../../shared/unfitReason.ts';
import { blameText, type Verdict } from '../../../shared/verdict/verdict.ts';
import { timeOfDay } from '../../format.ts';
import { gateLook, isStillNew } from '../../gateLook.ts';
import { useEngineState } from '../../store/hooks.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';

interface Props {
  readonly link: LinkView;
}

/** Rows G1, H5 and H6: whether a bot may trade now, whether a trade may rely on the link, and what is known to be wrong. */
export function Standing({ link }: Props) {
  const { name, fit, gate, verdicts } = link;
  const said = gate.kind === 'closed' && !fit.fit && same(gate.reasons, fit.reasons);
  return (
    <section className="panel">
      <h2>
        Fit for trading <span className="dim">last 100 pings of this socket</span>
      </h2>
      <ScrollBox className="standing-lines" aria-label="Fit for trading">
        <Gate gate={gate} />
        <p className="verdict">
          <NowMark tone={fit.fit ? 'good' : isStillNew(fit.reasons) ? 'idle' : 'warn'} />
          <span>{fit.fit ? 'fit' : said ? 'not fit, for the same reasons' : `not fit: ${unfitText(fit.reasons)}`}</span>
        </p>
        {verdicts.map((verdict) => (
          <Found key={verdict.cause} link={name} verdict={verdict} />
        ))}
      </ScrollBox>
    </section>
  );
}

/** With the time at which it was told, as far as that is kept: it may be of a loss some minutes ago. */
function Found({ link, verdict }: { readonly link: string; readonly verdict: Verdict }) {
  const { cause, certainty, blame, evidence } = verdict;
  const toldAt = useEngineState(({ events }) => {
    const told = events.findLast(
      ({ link: of, happening }) => of === link && happening.kind === 'verdict' && happening.verdict.cause === cause,
    );
    return told?.wall ?? null;
  });
  return (
    <p className="verdict">
      <NowMark tone="bad" />
      <span>
        <strong>{cause}</strong> – {certainty}, {blameText(blame)}
        {toldAt !== null && <span className="dim"> at {timeOfDay(toldAt)}:</span>}
        <span className="dim"> {evidence.join('; ')}</span>
      </span>
    </p>
  );
}

/** The gate closes at once and opens late: both are said with their times. */
function Gate({ gate }: Pick<LinkView, 'gate'>) {
  const { tone, word, opensAt } = gateLook(gate);
  const reasons = gate.kind === 'closed' ? gate.reasons : [];
  return (
    <p className="verdict" data-testid="gate">
      <NowMark tone={tone} />
      <span>
        trading gate <strong>{word}</strong>{' '}
        <span className="dim">
          for <Age since={gate.since} />
        </span>
        {opensAt === null && reasons.length > 0 && <>, because: {unfitText(reasons)}</>}
        {opensAt !== null && (
          <>
            , fit again, opens in <Countdown until={opensAt} totalMs={null} /> if it stays so
            {reasons.length > 0 && <span className="dim"> (was: {unfitText(reasons)})</span>}
          </>
        )}
      </span>
    </p>
  );
}
