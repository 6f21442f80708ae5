import { stateText, stateWord } from '../../../shared/linkState.ts';
import { type LinkView, urlInUse } from '../../../shared/linkView.ts';
import { toneOf, waitsUntil, whyText } from '../../standing.ts';
import { useStale } from '../../store/hooks.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { PageHeading } from '../../ui/PageHeading.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { LinkActions } from './LinkActions.tsx';

export function LinkHeader({ link }: { readonly link: LinkView }) {
  const { name, about, state, health } = link;
  const stale = useStale();
  const url = urlInUse(link);
  const tone = toneOf(link);
  const until = waitsUntil(link);
  const why = whyText(link) === '' ? stateText(state) : whyText(link);
  return (
    <header className="link-header">
      <div className="link-title">
        <a href="#/" aria-label="Back to all links" title="Back to all links (Esc)">
          ←
        </a>
        <PageHeading title={name}>
          <bdi>{name}</bdi>
        </PageHeading>
        {about.demo && <span className="badge">DEMO</span>}
        <span className="dim ellipsis" title={url}>
          {about.venue} · <bdi>{url}</bdi>
          {about.address === null ? '' : ` · ${about.address}`} · socket {about.generation}
        </span>
      </div>
      <div className="link-state" role="status">
        <StatusMark tone={stale ? 'idle' : tone} />
        <strong>{stateWord(state)}</strong>
        {health.level !== 'none' && <span className={`word word-${tone}`}>{health.level}</span>}
        {until !== null && <Countdown until={until} totalMs={state.kind === 'waiting' ? state.delayMs : null} />}
        <span className="link-why" title={why}>
          {why}
        </span>
      </div>
      <LinkActions link={link} />
    </header>
  );
}
