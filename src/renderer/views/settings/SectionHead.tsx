import { useState } from 'react';
import { nameTrouble } from '../../../shared/settings.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import type { TextEdit } from '../../../shared/toml/edit.ts';
import { nodeAt, type TomlTable } from '../../../shared/toml/toml.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { focusHome } from '../../ui/focus.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { problemText } from './problemText.ts';
import type { Spot } from './reading.ts';
import { freeName, type Section } from './sections.ts';

interface Props {
  readonly section: Section;
  readonly root: TomlTable | null;
  /** Of the table as a whole. */
  readonly problem: SettingsProblem | null;
  readonly blocked: string | null;
  readonly onEdit: (edit: TextEdit) => boolean;
  readonly onSpot: (spot: Spot) => void;
}

/** What the section is called, and for a link or a pool what can be done with it as a whole. */
export function SectionHead({ section, root, problem, blocked, onEdit, onSpot }: Props) {
  const { path, table, title } = section;
  const copyIt = (): void => {
    const name = freeName(root, table.name, `${title}-copy`);
    if (onEdit({ kind: 'copy', path, name })) onSpot({ path: [table.name, name], key: null });
  };
  const removeIt = (): void => {
    if (!onEdit({ kind: 'remove', path })) return;
    onSpot({ path: ['connection'], key: null });
    focusHome();
  };
  return (
    <div className="section-head">
      {table.named ? (
        <>
          <span className="dim">{table.name}</span>
          <Name section={section} root={root} blocked={blocked} onEdit={onEdit} onSpot={onSpot} />
          <ActionButton className="button" blocked={blocked} aria-label={`Duplicate ${title}`} onClick={copyIt}>
            Duplicate
          </ActionButton>
          <ActionButton
            className="button"
            blocked={blocked}
            aria-label={`Remove ${title}`}
            title="Takes the table out of the text; Ctrl/⌘+Z in the text brings it back"
            onClick={removeIt}
          >
            Remove
          </ActionButton>
        </>
      ) : (
        <h2>
          [{table.name}] <span className="dim">{title === table.name ? '' : title}</span>
        </h2>
      )}
      {problem !== null && (
        <p className="field-problem">
          <StatusMark tone={problem.severity === 'error' ? 'bad' : 'warn'} />
          <span>{problemText(problem)}</span>
        </p>
      )}
    </div>
  );
}

/** Taken up by Enter or by leaving the field; Esc gives it up. */
function Name({ section, root, blocked, onEdit, onSpot }: Omit<Props, 'problem'>) {
  const { path, table, title } = section;
  const [typed, setTyped] = useState<string | null>(null);
  const trouble = typed === null || typed === title ? null : whyNot(typed, root, table.name);
  const take = (): void => {
    setTyped(null);
    if (typed === null || typed === title || trouble !== null) return;
    if (onEdit({ kind: 'rename', path, name: typed })) onSpot({ path: [table.name, typed], key: null });
  };
  return (
    <>
      <input
        className="section-name"
        aria-label={`Name of the ${table.name}`}
        value={typed ?? title}
        readOnly={blocked !== null}
        aria-invalid={trouble !== null}
        title={trouble ?? blocked ?? 'Rename: it becomes another link, and is dialled anew'}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key !== 'Escape' || typed === null) return;
          event.preventDefault();
          setTyped(null);
        }}
      />
      {trouble !== null && <span className="word-bad">{trouble}</span>}
    </>
  );
}

function whyNot(name: string, root: TomlTable | null, table: string): string | null {
  if (root !== null && nodeAt(root, [table, name]) !== null) return 'this name is taken';
  return nameTrouble(name, table);
}
