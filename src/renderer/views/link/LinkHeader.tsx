import { useRef } from 'react';
import { stateText, stateWord } from '../../../shared/linkState.ts';
import { type LinkView, urlInUse } from '../../../shared/linkView.ts';
import { useSize } from '../../charts/useSize.ts';
import { isTrying, toneOf, waitsUntil, whyText } from '../../standing.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { NameWithin } from '../../ui/NameWithin.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { PageHeading } from '../../ui/PageHeading.tsx';
import { Spoken } from '../../ui/Spoken.tsx';
import { LinkActions } from './LinkActions.tsx';

/** Of a link that is being dialled no step is told: they go round at every try. */
function spokenText(link: LinkView, why: string): string {
  const { level } = link.health;
  const said = isTrying(link) ? ['not connected', level] : [stateWord(link.state), level, why];
  return said.filter((part) => part !== 'none').join(', ');
}

export function LinkHeader({ link }: { readonly link: LinkView }) {
  const { name, about, state } = link;
  const { level } = link.health;
  const url = urlInUse(link);
  const title = useRef<HTMLDivElement>(null);
  const titleRoom = useSize(title);
  const tone = toneOf(link);
  const until = waitsUntil(link);
  const why = whyText(link) === '' ? stateText(state) : whyText(link);
  return (
    <header className="link-header">
      <div className="link-title" ref={title}>
        <a href="#/" aria-label="Back to all links" title="Back to all links (Esc)">
          ←
        </a>
        <PageHeading title={name}>
          <NameWithin name={name} px={0.6 * (titleRoom?.width ?? Number.POSITIVE_INFINITY) - 8} font="600 15px" />
        </PageHeading>
        {about.demo && <span className="badge">DEMO</span>}
        <span className="dim ellipsis" title={url}>
          {about.venue} · <bdi>{url}</bdi>
          {about.address === null ? '' : ` · ${about.address}`} · socket {about.generation}
        </span>
      </div>
      <div className="link-state">
        <NowMark tone={tone} />
        <strong>{stateWord(state)}</strong>
        {level !== 'none' && <span className={`word word-${tone}`}>{level}</span>}
        {until !== null && <Countdown until={until} totalMs={state.kind === 'waiting' ? state.delayMs : null} />}
        <span className="link-why" title={why}>
          {why}
        </span>
      </div>
      <Spoken text={spokenText(link, why)} />
      <LinkActions link={link} />
    </header>
  );
}
