import { useMemo } from 'react';
import { useLinkNames } from '../store/hooks.ts';
import { CutName, NameRoomContext } from './CutName.tsx';

interface Props {
  readonly name: string;
  /** What it may take of its line. */
  readonly px: number;
  /** As the style sheet has it: `600 13px`. */
  readonly font: string;
}

/** A link's name in a sentence: no longer than this, and still told from those of all other links. */
export function NameWithin({ name, px, font }: Props) {
  const names = useLinkNames();
  const room = useMemo(() => ({ names, px, font }), [names, px, font]);
  return (
    <NameRoomContext value={room}>
      <CutName name={name} />
    </NameRoomContext>
  );
}
