import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { linkHash } from '../route.ts';
import type { EngineState } from '../store/engine.ts';
import { useSeenState } from '../store/hooks.ts';
import { type Named, nextSpoken, type Spoken, verdictLine } from '../verdictLine.ts';
import { NameWithin } from './NameWithin.tsx';
import { StatusMark } from './StatusMark.tsx';
import { useFitting } from './useFitting.ts';

const selectSnapshot = ({ snapshot }: EngineState) => snapshot;

/**
 * Whether one may trade, in words, and what is wrong with the others: by name, or counted where they are many; all are behind
 * the button. Its numbers move in silence: the live region is apart.
 */
export function VerdictLine({ stale }: { readonly stale: boolean }) {
  const snapshot = useSeenState(selectSnapshot);
  const line = useMemo(() => (snapshot === null ? null : verdictLine(snapshot)), [snapshot]);
  const text = useRef<HTMLParagraphElement>(null);
  const shown = line === null || line.kinds.length > 0 ? NONE : line.named;
  const said = line === null || line.kinds.length === 0 ? shown.map(({ name }) => name) : line.kinds;
  const fitting = useFitting(text, 'cause', said.length === shown.length ? said.join() : String(said.length));
  if (line === null) return <div className="verdict-line" />;
  const { tone, count, shared, named, kinds } = line;
  const parts = kinds.length > 0 ? kinds : shown.map((one) => <Cause key={one.name} {...one} />);
  return (
    <div className="verdict-line" data-testid="verdict-line">
      <StatusMark tone={stale ? 'idle' : tone} />
      <p className="verdict-text" ref={text}>
        {stale && 'was '}
        <strong>{count}</strong>
        {named.length > 0 && (
          <button
            type="button"
            className="chip"
            popoverTarget={LIST_ID}
            title="All links that are not fit or not healthy, with causes"
          >
            {fitting < parts.length || kinds.length > 0 ? `all ${named.length}` : 'details'}
          </button>
        )}
        {shared !== '' && `${shared}${parts.length > 0 ? ': ' : ''}`}
        {parts.map((part, index) => (
          <span key={said[index]} className="cause" data-cut={index < fitting ? undefined : ''}>
            {part}
            {index < parts.length - 1 && <span data-cut={index === fitting - 1 ? '' : undefined}>,</span>}
          </span>
        ))}
      </p>
      {named.length > 0 && <AllNamed named={named} stale={stale} />}
      <Announcer />
    </div>
  );
}

/** A longer name would leave no room for its cause. */
const NAME_PX = 160;
const FONT = '12px';

const Cause = memo(function Cause({ name, word, detail }: Named) {
  return (
    <>
      <NameWithin name={name} px={NAME_PX} font={FONT} /> {word}
      {detail !== '' && <span className="moving"> {detail}</span>}
    </>
  );
});

const NONE: readonly Named[] = [];

const LIST_ID = 'all-named';

/** The whole list, on demand. Filled only while it is open; it goes with the page that it was opened on. */
function AllNamed({ named, stale }: { readonly named: readonly Named[]; readonly stale: boolean }) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const hide = (): void => list.current?.hidePopover();
    window.addEventListener('hashchange', hide);
    return () => window.removeEventListener('hashchange', hide);
  }, []);
  return (
    <section
      ref={list}
      id={LIST_ID}
      popover="auto"
      className="all-named"
      aria-label="Links not fit or not healthy"
      onToggle={(event) => setOpen(event.newState === 'open')}
    >
      {open && (
        <ul>
          {named.map(({ name, tone, word, detail }) => (
            <li key={name}>
              <StatusMark tone={stale ? 'idle' : tone} />
              <a href={linkHash(name)} onClick={() => list.current?.hidePopover()}>
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

/** Tells a screen reader when other links are named or for another cause, and at most once in five seconds. */
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
