import { useEffect, useMemo, useState } from 'react';
import { CONTROL_KINDS, type ControlFrame, type ControlKind, nextControl } from '../../../shared/controlFrame.ts';
import { plural } from '../../format.ts';
import { useClient } from '../../store/hooks.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Awaited } from '../../ui/Awaited.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { ControlTable } from './ControlTable.tsx';
import { controlCsv, controlLines } from './controlText.ts';

type Direction = ControlFrame['direction'] | 'both';

const DIRECTIONS: readonly { readonly value: Direction; readonly text: string }[] = [
  { value: 'both', text: 'Both' },
  { value: 'sent', text: '→ Sent' },
  { value: 'received', text: '← Received' },
];

interface Props {
  readonly name: string;
  /** What is looked at while it is held still; `null`: what comes. */
  readonly held: readonly ControlFrame[] | null;
  readonly onHold: (held: readonly ControlFrame[] | null) => void;
}

/** The last exchanges with the venue that are no data, over sockets: what was asked, what was answered, and when. */
export function ControlPanel({ name, held, onHold }: Props) {
  const frames = useControl(name);
  const [direction, setDirection] = useState<Direction>('both');
  const [kind, setKind] = useState<ControlKind | 'all'>('all');
  const all = held ?? frames;
  const shown = useMemo(
    () =>
      (all ?? [])
        .filter((frame) => direction === 'both' || frame.direction === direction)
        .filter((frame) => kind === 'all' || frame.kind === kind),
    [all, direction, kind],
  );
  const waiting = held === null ? 0 : newOf(frames ?? [], held);
  const none = shown.length === 0 ? 'There is no row to copy' : null;
  return (
    <section className="panel control-panel" aria-label="Control exchanges">
      <div className="panel-head">
        <h2>
          Control exchanges{' '}
          <span className="dim">
            {plural(shown.length, 'row')}, newest first, local time; without market data, secrets masked
          </span>
        </h2>
        <Segmented label="Direction" options={DIRECTIONS} value={direction} onChange={setDirection} />
        <select
          className="select"
          aria-label="Kind"
          value={kind}
          onChange={(event) => setKind(CONTROL_KINDS.find((known) => known === event.target.value) ?? 'all')}
        >
          <option value="all">all kinds</option>
          {CONTROL_KINDS.map((known) => (
            <option key={known} value={known}>
              {known}
            </option>
          ))}
        </select>
        <ActionButton
          className="button hold"
          blocked={all === null ? 'Nothing has come yet' : null}
          aria-pressed={held !== null}
          title="Holds the list still; nothing is lost meanwhile, the last 200 are kept"
          onClick={() => onHold(held === null ? frames : null)}
        >
          {held === null ? 'Hold' : `Held, ${waiting} new`}
        </ActionButton>
        <CopyButton label="CSV" title="Copy the rows as CSV" blocked={none} text={() => controlCsv(shown)} />
        <CopyButton label="Text" title="Copy the rows as text" blocked={none} text={() => controlLines(shown)} />
      </div>
      {shown.length > 0 ? (
        <ControlTable frames={shown} />
      ) : (
        <p className="nothing">
          {all === null ? <Awaited /> : all.length === 0 ? 'Nothing yet: no socket has opened.' : 'No row matches.'}
        </p>
      )}
    </section>
  );
}

/** How many are not among those held. Of another life of the host the numbers begin anew, so a number alone tells nothing. */
function newOf(frames: readonly ControlFrame[], held: readonly ControlFrame[]): number {
  const bySeq = new Map(held.map((frame) => [frame.seq, frame]));
  return frames.filter(({ seq, wall, count }) => {
    const was = bySeq.get(seq);
    return was === undefined || (was.wall !== wall && was.count >= count);
  }).length;
}

/** Followed only while somebody looks. `null` until the engine has answered. */
function useControl(link: string): readonly ControlFrame[] | null {
  const client = useClient();
  const [frames, setFrames] = useState<readonly ControlFrame[] | null>(null);
  useEffect(
    () => client.control({ link }, (update) => setFrames((held) => nextControl(held ?? [], update))),
    [client, link],
  );
  return frames;
}
