import { type KeyboardEvent, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Value } from '../../../shared/toml/change.ts';
import type { Field } from './fields.ts';
import { shownAs, typedValue } from './fieldText.ts';
import { startTyping, type Typing, typingAt } from './typing.ts';
import { isSaveKey } from './useSaveKey.ts';

interface Props {
  readonly id: string;
  readonly field: Field;
  /** As the text has it, empty where it is not set. */
  readonly value: string;
  readonly set: boolean;
  /** What holds while it is not set. */
  readonly inherited: string;
  readonly suggestions: string | null;
  readonly readOnly: boolean;
  readonly invalid: boolean;
  readonly describedBy: string;
  /** What was typed and is no value: it stays until it is mended. `null`: nothing of that kind. */
  readonly unwritten: string | null;
  readonly onEdit: (value: Value | null) => void;
  readonly onUnwritten: (typed: string | null) => void;
}

/** What a value is typed or chosen in. Each keystroke that makes a value is in the text at once. */
export function FieldControl(props: Props) {
  const { control } = props.field;
  if (control.kind === 'switch') return <Choice {...props} options={['true', 'false']} />;
  if (control.kind === 'choice') return <Choice {...props} options={control.options} />;
  return <TypedIn {...props} />;
}

function Choice({ field, options, ...props }: Props & { readonly options: readonly string[] }) {
  const known = props.value === '' || options.includes(props.value);
  return (
    <select
      id={props.id}
      className={props.set ? undefined : 'inherited'}
      value={props.value}
      disabled={props.readOnly}
      aria-invalid={props.invalid}
      aria-describedby={props.describedBy}
      onChange={(event) => {
        const typed = typedValue(field, event.target.value);
        props.onEdit(typed.kind === 'value' ? typed.value : null);
      }}
    >
      <option value="">{props.inherited}</option>
      {!known && <option value={props.value}>{props.value}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

/** What is typed may be no value: it is kept and said so, and the text has the last that was one. */
function TypedIn({ field, value, unwritten, ...props }: Props) {
  const [held, setHeld] = useState<Typing | null>(null);
  const typing = held === null ? null : typingAt(held, value);
  if (typing !== held) setHeld(typing);
  const isList = field.control.kind === 'list';
  const shown = typing?.typed ?? unwritten ?? value;
  const isNeither = unwritten !== null;
  /** What was emptied is taken out of the text only now: a value may have been on its way. */
  const takeOut = (): void => {
    if (typing === null || !props.set || typing.made.at(-1) === '') return;
    if (typedValue(field, typing.typed).kind !== 'empty') return;
    setHeld({ ...typing, made: [...typing.made, ''] });
    props.onEdit(null);
  };
  const why = `${props.id}-unwritten`;
  const shared = {
    id: props.id,
    value: shown,
    placeholder: props.inherited,
    readOnly: props.readOnly,
    'aria-invalid': props.invalid || isNeither,
    'aria-describedby': isNeither ? `${why} ${props.describedBy}` : props.describedBy,
    title: isNeither ? `Not written: ${field.expected}` : shown === '' ? props.inherited : undefined,
    spellCheck: false,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      const next = typedValue(field, target.value);
      const { before, made } = typing ?? startTyping(value);
      const makes = next.kind === 'value' ? [...made, shownAs(next.value)] : made;
      setHeld({ typed: target.value, before, made: makes });
      if (next.kind === 'value') props.onEdit(next.value);
      props.onUnwritten(next.kind === 'neither' ? target.value : null);
    },
    onKeyDown: (event: KeyboardEvent) => {
      // Before the page hears the press, so that what is saved has it.
      if (isSaveKey(event)) flushSync(takeOut);
    },
    onBlur: () => {
      takeOut();
      setHeld(null);
    },
  };
  if (isList) return <textarea {...shared} rows={Math.min(8, Math.max(1, shown.split('\n').length))} />;
  return (
    <span className="typing">
      <input
        {...shared}
        type="text"
        inputMode={field.control.kind === 'number' ? 'decimal' : undefined}
        className={field.control.kind === 'number' ? 'number' : undefined}
        list={props.suggestions ?? undefined}
      />
      {isNeither && (
        <span className="word-bad" id={why}>
          not written: {field.expected}
        </span>
      )}
    </span>
  );
}
