import { useRef } from 'react';
import { stateWord } from '../../../shared/linkState.ts';
import { type LinkView, urlInUse } from '../../../shared/linkView.ts';
import { useSize } from '../../charts/useSize.ts';
import { isTrying } from '../../standing.ts';
import { Countdown } from '../../ui/Figure.tsx';
import { NameWithin } from '../../ui/NameWithin.tsx';
import { NowMark } from '../../ui/NowMark.tsx';
import { PageHeading } from '../../ui/PageHeading.tsx';
import { Spoken } from '../../ui/Spoken.tsx';
import { type HeadStanding, headStanding } from './headStanding.ts';
import { LinkActions } from './LinkActions.tsx';

/** Of a link that is being dialled no step is told: they go round at every try. */
function spokenText(link: LinkView, { words, why }: HeadStanding): string {
  return (isTrying(link) ? ['not connected', ...words] : [stateWord(link.state), ...words, why]).join(', ');
}

export function LinkHeader({ link }: { readonly link: LinkView }) {
  const { name, about, state } = link;
  const url = urlInUse(link);
  const title = useRef<HTMLDivElement>(null);
  const titleRoom = useSize(title);
  const standing = headStanding(link);
  const { tone, words, until, why } = standing;
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
        {words.map((word) => (
          <span key={word} className={`word word-${tone}`}>
            {word}
          </span>
        ))}
        {until !== null && <Countdown until={until} totalMs={state.kind === 'waiting' ? state.delayMs : null} />}
        <span className="link-why" title={why}>
          {why}
        </span>
      </div>
      <Spoken text={spokenText(link, standing)} />
      <LinkActions link={link} />
    </header>
  );
}
