import { createContext, useContext, useMemo } from 'react';
import { cutterOf } from './cutText.ts';
import { textWidthPx } from './textWidth.ts';

/** The list that a name stands in. */
export interface NameRoom {
  /** All names there: one that is cut must still be told from the others. */
  readonly names: readonly string[];
  /** What a line has for its name, `null` before it is laid out. */
  readonly px: number | null;
  /** As the style sheet has it: `600 13px`. */
  readonly font: string;
}

export const NameRoomContext = createContext<NameRoom>({ names: [], px: null, font: '' });

/** A name that is cut in its middle where there is no room for it; read out, and copied, it is whole. */
export function CutName({ name, besidePx = 0 }: { readonly name: string; readonly besidePx?: number }) {
  const { names, px, font } = useContext(NameRoomContext);
  const cut = useMemo(() => cutterOf(name, names), [name, names]);
  const shown = useMemo(
    () => (px === null ? name : cut((text) => textWidthPx(text, font) <= px - besidePx)),
    [name, cut, px, font, besidePx],
  );
  return (
    <bdi className="cut-name" data-picture-text data-cut={shown === name ? undefined : shown}>
      {shown === name ? name : <span>{name}</span>}
    </bdi>
  );
}
