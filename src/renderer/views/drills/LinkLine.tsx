import { stateWord } from '../../../shared/linkState.ts';
import { fixedMs } from '../../format.ts';
import { gateLook } from '../../gateLook.ts';
import { linkHash } from '../../route.ts';
import { toneOf } from '../../standing.ts';
import { useLink } from '../../store/hooks.ts';
import { NowMark } from '../../ui/NowMark.tsx';

/** How the drilled link is right now: state, gate, p99. */
export function LinkLine({ name }: { readonly name: string }) {
  const link = useLink(name);
  if (link === null) return null;
  const gate = gateLook(link.gate);
  const at = link.about.routes.find((route) => route.inUse)?.url;
  return (
    <p className="drill-link" data-testid="drill-link">
      <NowMark tone={toneOf(link)} />
      <a href={linkHash(name)}>
        <bdi>{name}</bdi>
      </a>
      <span>{stateWord(link.state)}</span>
      {at !== undefined && link.about.routes.length > 1 && <span className="dim">at {at}</span>}
      <span className="dim">gate</span>
      <NowMark tone={gate.tone} />
      <span>{gate.word}</span>
      <span className="dim">p99 of 1 min</span>
      <b>{fixedMs(link.rtt.windows['1m']?.p99Ms)}</b>
      <span className="unit">ms</span>
    </p>
  );
}
