import { Command, defaultFilter } from 'cmdk';
import { type RefObject, useMemo, useRef, useState } from 'react';
import { useCommands } from '../store/commands.ts';
import { useEngine, useEngineState } from '../store/hooks.ts';
import { Confirm } from './Confirm.tsx';
import { useCuts } from './cuts.tsx';
import { DialogFrame } from './DialogFrame.tsx';
import { isLive } from './linkQuestions.ts';
import { linkAtHand, type PaletteItem, paletteItems } from './paletteItems.ts';
import { recentIds, rememberId } from './recent.ts';

interface Props {
  readonly onClose: () => void;
  readonly onClosed: () => void;
  /** What had the focus before. */
  readonly opener: RefObject<Element | null>;
}

const MOST_SHOWN = 40;
const RECENT = 'Recent';

/** Everything by its name: type a few letters of it, Enter does it. What cuts is asked first. */
export default function Palette({ onClose, onClosed, opener }: Props) {
  const { store } = useEngine();
  const commands = useCommands();
  const cuts = useCuts();
  const [items] = useState(() => paletteItems(store.getState(), commands, cuts, linkAtHand(opener.current)));
  const [search, setSearch] = useState('');
  const [asking, setAsking] = useState<PaletteItem | null>(null);
  const shown = useMemo(() => found(items, search), [items, search]);
  const chosenRun = useRef<() => void>(null);
  const origin = useRef(opener.current instanceof HTMLElement ? opener.current : null);

  function choose(chosen: PaletteItem): void {
    rememberId(chosen.id);
    if (chosen.asks !== null) return setAsking(chosen);
    chosenRun.current = chosen.run;
    onClose();
  }

  if (asking?.asks != null) {
    const { title, act, text } = asking.asks;
    return (
      <Confirm title={title} act={act} onAct={asking.run} onClose={onClose} opener={origin}>
        {text}
      </Confirm>
    );
  }
  return (
    <DialogFrame
      title="Command palette"
      titleHidden
      className="palette"
      onClose={onClose}
      onClosed={() => {
        onClosed();
        // Only now: what opens by it may take the focus.
        chosenRun.current?.();
      }}
    >
      <Command label="Commands" shouldFilter={false} loop>
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder="Link, page, action or setting…"
          aria-label="Command"
        />
        <Command.List label="Commands">
          <Command.Empty className="dim">Nothing by that name.</Command.Empty>
          {shown.map(({ heading, items: group }) => (
            <Command.Group key={heading} heading={heading}>
              {group.map((one) => (
                <Command.Item key={one.id} value={`${heading} ${one.id}`} onSelect={() => choose(one)}>
                  <bdi className="ellipsis">{one.title}</bdi>
                  <AsksFirst item={one} />
                  {one.keys !== '' && <kbd>{one.keys}</kbd>}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </DialogFrame>
  );
}

/** As it is now: a link may come up, or be lost, while the palette is open. */
function AsksFirst({ item: { asks, cuts } }: { readonly item: PaletteItem }) {
  const isCut = useEngineState(({ snapshot }) => {
    const link = cuts === null ? undefined : snapshot?.links[cuts];
    return link !== undefined && isLive(link);
  });
  return asks !== null || isCut ? <span className="palette-asks">asks first</span> : null;
}

interface Shown {
  readonly heading: string;
  readonly items: readonly PaletteItem[];
}

/** Of equal matches the link at hand is meant, then what was done lately. */
const favour = ({ atHand, id }: PaletteItem, recent: readonly string[]): number =>
  atHand ? 1.3 : recent.includes(id) ? 1.2 : 1;

/** Recent ones first; with letters typed the best match first, in the order of its group's best. */
function found(items: readonly PaletteItem[], search: string): readonly Shown[] {
  const ids = recentIds();
  if (search.trim() === '') {
    const recent = ids.flatMap((id) => items.find((one) => one.id === id) ?? []);
    const others = items.filter((one) => !recent.includes(one)).slice(0, MOST_SHOWN);
    return grouped([...recent.map((one) => ({ ...one, group: RECENT })), ...others]);
  }
  const scored = items
    .map((one) => ({ one, score: defaultFilter(one.title, search) * favour(one, ids) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_SHOWN);
  return grouped(scored.map(({ one }) => one));
}

function grouped(items: readonly PaletteItem[]): readonly Shown[] {
  return [...Map.groupBy(items, ({ group }) => group)].map(([heading, group]) => ({ heading, items: group }));
}
