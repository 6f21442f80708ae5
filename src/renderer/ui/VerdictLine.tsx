import { memo, useMemo, useRef, useState } from 'react';
import { linkHash } from '../route.ts';
import type { EngineState } from '../store/engine.ts';
import { useSeenState } from '../store/hooks.ts';
import { nextSpoken, type Spoken, type Unfit, verdictLine } from '../verdictLine.ts';
import { StatusMark } from './StatusMark.tsx';
import { useFitting } from './useFitting.ts';

/** More than these never fit into the header; all are behind the button. */
const MOST_NAMED = 10;

const selectSnapshot = ({ snapshot }: EngineState) => snapshot;

/** Whether one may trade, in words; what is not fit, worst first. Its numbers move in silence: the live region is apart. */
export function VerdictLine({ stale }: { readonly stale: boolean }) {
  const snapshot = useSeenState(selectSnapshot);
  const line = useMemo(() => (snapshot === null ? null : verdictLine(snapshot)), [snapshot]);
  const text = useRef<HTMLParagraphElement>(null);
  const named = line?.unfit.slice(0, MOST_NAMED) ?? NONE;
  const fitting = useFitting(text, 'cause', named.map(({ name }) => name).join());
  if (line === null) return <div className="verdict-line" />;
  const { tone, count, unfit } = line;
  const more = unfit.length - Math.min(fitting, named.length);
  return (
    <div className="verdict-line" data-testid="verdict-line">
      <StatusMark tone={stale ? 'idle' : tone} />
      <p className="verdict-text" ref={text}>
        <strong>{count}</strong>
        {named.length > 0 && ': '}
        {named.map((one, index) => (
          <span key={one.name} className="cause" data-cut={index < fitting ? undefined : ''}>
            <Cause {...one} />
            {index < unfit.length - 1 && ','}
          </span>
        ))}
      </p>
      {unfit.length > 0 && (
        <button type="button" className="chip" popoverTarget={LIST_ID} title="All links that are not fit, with causes">
          {moreText(more, unfit.length)}
        </button>
      )}
      <AllUnfit unfit={unfit} />
      <Announcer />
    </div>
  );
}

const Cause = memo(function Cause({ name, word, detail }: Unfit) {
  return (
    <>
      <bdi>{name}</bdi> {word}
      {detail !== '' && <span className="moving"> {detail}</span>}
    </>
  );
});

/** `more` of the `all` are not named. */
function moreText(more: number, all: number): string {
  if (more === 0) return 'all';
  return more === all ? `all ${all}` : `and ${more} more`;
}

const NONE: readonly Unfit[] = [];

const LIST_ID = 'all-unfit';

/** The whole list, on demand. Filled only while it is open. */
function AllUnfit({ unfit }: { readonly unfit: readonly Unfit[] }) {
  const [open, setOpen] = useState(false);
  return (
    <section
      id={LIST_ID}
      popover="auto"
      className="all-unfit"
      aria-label="Links not fit to trade"
      onToggle={(event) => setOpen(event.newState === 'open')}
    >
      {open && (
        <ul>
          {unfit.map(({ name, tone, word, detail }) => (
            <li key={name}>
              <StatusMark tone={tone} />
              <a href={linkHash(name)}>
                <bdi>{name}</bdi>
              </a>
              <span>
                {word} {detail}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Tells a screen reader when other links are unfit or for another cause, and at most once in five seconds. */
function Announcer() {
  const spoken = useRef<Spoken | null>(null);
  const text = useSeenState(({ snapshot }) => {
    if (snapshot !== null) spoken.current = nextSpoken(spoken.current, verdictLine(snapshot), snapshot.at);
    return spoken.current?.text ?? '';
  });
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}
