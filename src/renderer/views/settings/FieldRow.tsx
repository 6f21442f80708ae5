import { useId } from 'react';
import type { EffectiveValue } from '../../../shared/contract.ts';
import type { SettingsProblem } from '../../../shared/settingsView.ts';
import type { Value } from '../../../shared/toml/change.ts';
import type { TomlNode } from '../../../shared/toml/toml.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { FieldControl } from './FieldControl.tsx';
import { EFFECT_TEXT, type Field, rangeText } from './fields.ts';
import { inheritedText, shownValue } from './fieldText.ts';
import { problemText } from './problemText.ts';

interface Props {
  readonly field: Field;
  /** As it stands in the text, `undefined` where the table does not set it. */
  readonly node: TomlNode | undefined;
  readonly row: EffectiveValue | undefined;
  /** Of the table, where it names one. */
  readonly preset: string | null;
  /** The list of names to choose from, where there is one. */
  readonly suggestions: string | null;
  readonly problem: SettingsProblem | null;
  readonly marked: boolean;
  readonly readOnly: boolean;
  /** What was typed and is not written, `null` without. */
  readonly unwritten: string | null;
  readonly onFocus: () => void;
  /** `null` takes the key out of the text. */
  readonly onEdit: (value: Value | null) => void;
  readonly onUnwritten: (typed: string | null) => void;
}

/** One key: what it is, what it is set to, and what holds where it is not. */
export function FieldRow(props: Props) {
  const { field, node, row, preset, problem, marked, readOnly, onFocus, onEdit } = props;
  const id = useId();
  const set = node !== undefined;
  const value = shownValue(node);
  const inherited = inheritedText(set || row === undefined || !isOwn(row) ? row : undefined, field, preset);
  const range = rangeText(field);
  return (
    <li className={marked ? 'field marked' : 'field'} data-key={field.key} data-set={set} onFocus={onFocus}>
      <label htmlFor={id}>
        <code>{field.key}</code>
        {field.facts.unit !== '' && <span className="unit">{field.facts.unit}</span>}
      </label>
      <span className={`badge effect-${field.facts.effect}`}>{EFFECT_TEXT[field.facts.effect]}</span>
      {value === null || field.control.kind === 'other' ? (
        <span className="dim" id={id}>
          {node === undefined ? 'not set' : `line ${node.span.line}`}: edit it in the text
        </span>
      ) : (
        <FieldControl
          id={id}
          field={field}
          value={value}
          set={set}
          inherited={inherited}
          suggestions={props.suggestions}
          readOnly={readOnly}
          invalid={problem?.severity === 'error'}
          describedBy={`${id}-help${problem === null ? '' : ` ${id}-problem`}`}
          unwritten={props.unwritten}
          onEdit={onEdit}
          onUnwritten={props.onUnwritten}
        />
      )}
      {set && !readOnly ? (
        <button
          type="button"
          className="quiet"
          aria-label={`Reset ${field.key}`}
          title="Take it out of the text: the inherited value holds again"
          onClick={() => onEdit(null)}
        >
          ↺
        </button>
      ) : (
        <span />
      )}
      <p className="field-help" id={`${id}-help`}>
        {field.facts.help}
        {range !== '' && <span className="range"> {range}.</span>}
        {set && row?.source === 'limit of the venue' && <span> {row.note}</span>}
      </p>
      {problem !== null && (
        <p className="field-problem" id={`${id}-problem`}>
          <StatusMark tone={problem.severity === 'error' ? 'bad' : 'warn'} />
          <span>{problemText(problem)}</span>
        </p>
      )}
    </li>
  );
}

/** Of the table itself: right after a key was taken out, what is known is still from before. */
const isOwn = ({ key, source, note }: EffectiveValue): boolean =>
  source === 'link' || source === 'pool' || (source === 'connection' && note === null && /^(ws|http)_/.test(key));
