import type { LinkView } from '../../../shared/linkView.ts';
import { blameText } from '../../../shared/verdict/verdict.ts';
import { gateLook } from '../../gateLook.ts';
import { Age, Countdown } from '../../ui/Figure.tsx';
import { NowMark } from '../../ui/NowMark.tsx';

interface Props {
  readonly link: LinkView;
}

/** Rows G1, H5 and H6: whether a bot may trade now, whether a trade may rely on the link, and what is known to be wrong. */
export function Standing({ link }: Props) {
  const { fit, gate, verdicts } = link;
  const said = gate.kind === 'closed' && !fit.fit && gate.reasons.join() === fit.reasons.join();
  return (
    <section className="panel">
      <h2>
        Fit for trading <span className="dim">last 100 pings of this socket</span>
      </h2>
      <div className="standing-lines">
        <Gate gate={gate} />
        <p className="verdict">
          <NowMark tone={fit.fit ? 'good' : 'warn'} />
          <span>{fit.fit ? 'fit' : said ? 'not fit, for the same reasons' : `not fit: ${fit.reasons.join('; ')}`}</span>
        </p>
      </div>
      {verdicts.map((verdict) => (
        <p className="verdict" key={verdict.cause}>
          <NowMark tone="bad" />
          <span>
            <strong>{verdict.cause}</strong> – {verdict.certainty}, {blameText(verdict.blame)}
            <span className="dim"> {verdict.evidence.join('; ')}</span>
          </span>
        </p>
      ))}
    </section>
  );
}

/** The gate closes at once and opens late: both are said with their times. */
function Gate({ gate }: Pick<LinkView, 'gate'>) {
  const { tone, word, opensAt } = gateLook(gate);
  const reasons = gate.kind === 'closed' ? gate.reasons : [];
  return (
    <p className="verdict" data-testid="gate">
      <NowMark tone={tone} />
      <span className={opensAt === null ? undefined : 'two-lines'} title={reasons.join('; ')}>
        trading gate <strong>{word}</strong>{' '}
        <span className="dim">
          for <Age since={gate.since} />
        </span>
        {opensAt === null && reasons.length > 0 && <>, because: {reasons.join('; ')}</>}
        {opensAt !== null && (
          <>
            , fit again, opens in <Countdown until={opensAt} totalMs={null} /> if it stays so
            {reasons.length > 0 && <span className="dim"> (was: {reasons.join('; ')})</span>}
          </>
        )}
      </span>
    </p>
  );
}
