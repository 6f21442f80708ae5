import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Preview } from '../../../shared/contract.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import type { Value } from '../../../shared/toml/change.ts';
import type { TextEdit } from '../../../shared/toml/edit.ts';
import { pathText } from '../../../shared/toml/quoting.ts';
import { nodeAt, type TomlTable } from '../../../shared/toml/toml.ts';
import { plural } from '../../format.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { FieldRow } from './FieldRow.tsx';
import { FilterInput } from './FilterInput.tsx';
import type { Field } from './fields.ts';
import { problemText } from './problemText.ts';
import { type Reading, type Spot, valueIn } from './reading.ts';
import { SectionHead } from './SectionHead.tsx';
import { SectionList } from './SectionList.tsx';
import { type Section, sectionFor, sectionsOf } from './sections.ts';
import { isAt, type Unwritten } from './unwritten.ts';
import { usePresets } from './usePresets.ts';
import { useExplained } from './usePreview.ts';

interface Props {
  readonly text: string;
  readonly reading: Reading;
  readonly preview: Preview | null;
  /** Where the cursor or the focus is: this section is shown, and this key marked. */
  readonly spot: Spot | null;
  readonly unwritten: readonly Unwritten[];
  readonly onUnwritten: (path: readonly string[], typed: string | null, expected: string) => void;
  readonly onSpot: (spot: Spot) => void;
  /** False when the edit could not be made; then it was said why. */
  readonly onEdit: (edit: TextEdit) => boolean;
  readonly onProblem: (problem: SettingsProblem) => void;
}

/** The settings as fields, made from the schema; every edit is one of the text beside it. */
export function SettingsForm(props: Props) {
  const { text, reading, preview, spot, onSpot, onEdit, onProblem } = props;
  const { root } = reading;
  const fault = reading.problems[0] ?? null;
  const sections = useMemo(() => sectionsOf(root), [root]);
  const found = spot === null ? null : sectionFor(sections, spot.path, spot.key);
  const section = found ?? sections[0];
  const [filter, setFilter] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  if (section === undefined) return null;
  const table = tableAt(root, section.path);
  const wanted = filter.trim().toLowerCase();
  const fields = section.fields.filter(
    (field) => matches(field, wanted) && (!onlySet || valueIn(table, field.key) !== undefined),
  );

  return (
    <div className="settings-form">
      <SectionList
        sections={sections}
        current={section}
        root={root}
        blocked={fault === null ? null : whyReadOnly(fault)}
        onChoose={({ path, fields: [first] }) =>
          onSpot({ path, key: path[0] === 'connection' ? (first?.key ?? null) : null })
        }
        onAdd={(path) => onEdit({ kind: 'add', path, keys: [] }) && onSpot({ path, key: null })}
      />
      <div className="form-fields">
        {fault !== null && (
          <p className="form-fault">
            <StatusMark tone="bad" />
            <span>
              Line {fault.line} cannot be read ({fault.message}).{' '}
              {root === null ? 'The form' : 'What stands there is not shown, and the form'} can be edited once it is
              mended.
            </span>
            <button type="button" className="button" onClick={() => onProblem(fault)}>
              Go to line {fault.line}
            </button>
          </p>
        )}
        <SectionHead
          key={section.id}
          section={section}
          root={root}
          problem={problemAt(preview, pathText(section.path))}
          blocked={fault === null ? null : whyReadOnly(fault)}
          onEdit={onEdit}
          onSpot={onSpot}
        />
        <div className="form-filter">
          <FilterInput label="Filter keys" value={filter} onChange={setFilter} />
          <label>
            <input type="checkbox" checked={onlySet} onChange={(event) => setOnlySet(event.target.checked)} /> set here
          </label>
          <span className="dim">
            {fields.length === section.fields.length
              ? plural(fields.length, 'key')
              : `${fields.length} of ${section.fields.length} keys`}
          </span>
        </div>
        <Fields
          key={`${section.id} fields`}
          section={section}
          fields={fields}
          text={text}
          table={table}
          preview={preview}
          spot={found === null ? null : spot}
          readOnly={fault !== null}
          unwritten={props.unwritten}
          onUnwritten={props.onUnwritten}
          onSpot={onSpot}
          onEdit={onEdit}
        />
      </div>
    </div>
  );
}

interface FieldsProps
  extends Pick<Props, 'text' | 'preview' | 'spot' | 'unwritten' | 'onUnwritten' | 'onSpot' | 'onEdit'> {
  readonly section: Section;
  readonly fields: readonly Field[];
  readonly table: TomlTable | null;
  readonly readOnly: boolean;
}

function Fields(props: FieldsProps) {
  const { section, fields, text, table, preview, spot, readOnly, onSpot, onEdit } = props;
  const { path } = section;
  const list = useRef<HTMLUListElement>(null);
  const presets = usePresets();
  const suggestions = useId();
  const explained = useExplained(text, path);
  const preset = valueIn(table, 'preset');
  const presetName = preset?.kind === 'scalar' ? String(preset.value) : null;
  const marked = spot?.key ?? null;

  useEffect(() => {
    if (marked === null) return;
    list.current?.querySelector(`[data-key=${JSON.stringify(marked)}]`)?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const edit = (key: string, value: Value | null): void => {
    const at = [...path, key];
    onEdit(value === null ? { kind: 'unset', path: at } : { kind: 'set', path: at, value });
  };

  return (
    <ul className="field-list" ref={list}>
      {fields.map((field) => (
        <FieldRow
          key={field.key}
          field={field}
          node={valueIn(table, field.key)}
          row={explained.find(({ key }) => key === field.key)}
          preset={presetName}
          suggestions={field.key === 'preset' ? suggestions : null}
          problem={problemAt(preview, pathText([...path, field.key]))}
          marked={field.key === marked}
          readOnly={readOnly}
          unwritten={props.unwritten.find((one) => isAt(one, [...path, field.key]))?.typed ?? null}
          onFocus={() => onSpot({ path, key: field.key })}
          onEdit={(value) => edit(field.key, value)}
          onUnwritten={(typed) => props.onUnwritten([...path, field.key], typed, field.expected)}
        />
      ))}
      <datalist id={suggestions}>
        {presets.map(({ name, venue }) => (
          <option key={name} value={name}>
            {venue}
          </option>
        ))}
      </datalist>
    </ul>
  );
}

function matches({ key, facts }: Field, wanted: string): boolean {
  return wanted === '' || key.includes(wanted.replaceAll(' ', '_')) || facts.help.toLowerCase().includes(wanted);
}

function tableAt(root: TomlTable | null, path: readonly string[]): TomlTable | null {
  const node = root === null ? null : nodeAt(root, path);
  return node?.kind === 'table' ? node : null;
}

/** Of the key itself, or of an entry of its list. */
function problemAt(preview: Preview | null, path: string): SettingsProblem | null {
  const found = preview?.problems.find((problem) => problem.path === path || /^\.\d+$/.test(tail(problem.path, path)));
  return found ?? null;
}

const tail = (path: string, start: string): string => (path.startsWith(start) ? path.slice(start.length) : '');

const whyReadOnly = (fault: SettingsProblem): string => `Line ${fault.line} cannot be read: ${problemText(fault)}`;
