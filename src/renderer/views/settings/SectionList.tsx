import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { TomlTable } from '../../../shared/toml/toml.ts';
import { useSize } from '../../charts/useSize.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { CutName, NameRoomContext } from '../../ui/CutName.tsx';
import { nextRow } from '../rowKeys.ts';
import { FilterInput } from './FilterInput.tsx';
import { TABLES } from './fields.ts';
import { freeName, type Section } from './sections.ts';

interface Props {
  readonly sections: readonly Section[];
  readonly current: Section;
  readonly root: TomlTable | null;
  /** Why nothing can be added now, `null` when it can. */
  readonly blocked: string | null;
  readonly onChoose: (section: Section) => void;
  readonly onAdd: (path: readonly string[]) => void;
}

/** As `settingsForm.css` has them: the current one is bold, and none is cut otherwise for that. */
const NAME_FONT = '600 12px';
const AROUND_NAME_PX = 15;
/** With fewer sections one sees them all. */
const FILTER_FROM = 15;

/** All tables of the text: one stop of the Tab key, arrow keys within. */
export function SectionList({ sections, current, root, blocked, onChoose, onAdd }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return sections.filter(({ title }) => title.toLowerCase().includes(wanted));
  }, [sections, filter]);
  const width = useSize(list)?.width;
  const nameRoom = useMemo(() => {
    const px = width === undefined ? null : width - AROUND_NAME_PX;
    return { names: sections.map(({ title }) => title), px, font: NAME_FONT };
  }, [sections, width]);
  const ids = shown.map((section) => section.id);
  const stop = ids.includes(current.id) ? current.id : ids[0];

  useEffect(() => {
    buttonOf(list.current, current)?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKey = (event: KeyboardEvent): void => {
    const next = shown.find((section) => section.id === nextRow(event.key, ids, current.id));
    if (next === undefined) return;
    event.preventDefault();
    buttonOf(list.current, next)?.focus();
    onChoose(next);
  };

  return (
    <div className="section-list">
      {sections.length >= FILTER_FROM && <FilterInput label="Find a table" value={filter} onChange={setFilter} />}
      <NameRoomContext value={nameRoom}>
        <ul ref={list} className="sections" aria-label="Tables">
          {shown.map((section, index) => (
            <li key={section.id} data-group={shown[index - 1]?.group === section.group ? undefined : section.group}>
              <button
                type="button"
                data-section={section.id}
                tabIndex={section.id === stop ? 0 : -1}
                aria-current={section.id === current.id}
                title={section.title}
                onKeyDown={onKey}
                onClick={() => onChoose(section)}
              >
                <CutName name={section.title} />
              </button>
            </li>
          ))}
        </ul>
      </NameRoomContext>
      <div className="section-adds">
        {TABLES.filter(({ named }) => named).map(({ name }) => (
          <ActionButton
            key={name}
            className="button"
            blocked={blocked}
            onClick={() => onAdd([name, freeName(root, name, `new-${name}`)])}
          >
            Add {name}
          </ActionButton>
        ))}
        <a className="button" href="#/add">
          Add venue…
        </a>
      </div>
    </div>
  );
}

const buttonOf = (list: HTMLElement | null, { id }: Section): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-section="${CSS.escape(id)}"]`) ?? null;
