import { type ReactNode, type RefObject, useMemo } from 'react';
import { useSize } from '../../charts/useSize.ts';
import { NameRoomContext } from '../../ui/CutName.tsx';
import { NAME_FONT, nameRoomPx } from './nameRoom.ts';

interface Props {
  /** The head of the column of names. */
  readonly head: RefObject<HTMLElement | null>;
  readonly names: readonly string[];
  readonly children: ReactNode;
}

/** Tells the names within how much room their column has: of another width only they are rendered anew. */
export function NameRoomOf({ head, names, children }: Props) {
  const width = useSize(head)?.width;
  const room = useMemo(
    () => ({ names, px: width === undefined ? null : nameRoomPx(width), font: NAME_FONT }),
    [names, width],
  );
  return <NameRoomContext value={room}>{children}</NameRoomContext>;
}
