import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension, Text } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { RefObject } from 'react';
import type { EffectiveValue } from '../../../shared/contract.ts';
import type { PresetView } from '../../../shared/settingsView.ts';
import { EFFECT_TEXT, type Field } from './fields.ts';
import { inheritedText } from './fieldText.ts';
import { fieldUnder, type Hint, hintsAt } from './hints.ts';

/** What completion and the hover text know besides the schema. */
export interface HintSource {
  readonly presets: readonly PresetView[];
  /** The values of the table that a line of this text stands in, as far as the host can say. */
  readonly explain: (text: string, line: number) => Promise<readonly EffectiveValue[]>;
}

/** Completion from the schema, and what a key means when the pointer rests on it. */
export function hintsFrom(source: RefObject<HintSource>): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, source.current.presets)], icons: false }),
    hoverTooltip((view, at) => keyTooltip(view, at, source.current)),
  ];
}

function complete(
  { state, pos, explicit }: CompletionContext,
  presets: readonly PresetView[],
): CompletionResult | null {
  const { doc } = state;
  const line = doc.lineAt(pos);
  const found = hintsAt(doc, line.number, pos - line.from, presets);
  const typed = found === null ? '' : line.text.slice(found.from, pos - line.from);
  // By itself only where something was begun: an empty line is often meant to be one.
  if (found === null || found.hints.length === 0 || (!explicit && typed === '')) return null;
  if (found.hints.some(({ label, insert }) => typed === label || typed === insert)) return null;
  return { from: line.from + found.from, options: found.hints.map(option), filter: true };
}

const option = ({ label, detail, info, insert }: Hint): Completion => ({
  label,
  detail,
  ...(info === '' ? {} : { info }),
  apply: (view: EditorView, _completion: Completion, from: number, to: number) => {
    const end = endOfQuoted(view.state.doc, to, insert);
    view.dispatch({ changes: { from, to: end, insert }, selection: { anchor: from + insert.length } });
  },
});

/** The quote that an editor or a person has closed already is not doubled. */
function endOfQuoted(doc: Text, to: number, insert: string): number {
  const next = doc.sliceString(to, to + 1);
  return insert.endsWith(next) && (next === '"' || next === ']') ? to + 1 : to;
}

async function keyTooltip(view: EditorView, at: number, { explain }: HintSource): Promise<Tooltip | null> {
  const { doc } = view.state;
  const line = doc.lineAt(at);
  const field = fieldUnder(doc, line.number, at - line.from);
  if (field === null) return null;
  const rows = await explain(doc.toString(), line.number);
  const row = rows.find(({ key }) => key === field.key);
  return { pos: line.from, end: line.to, above: true, create: () => ({ dom: helpOf(field, row) }) };
}

function helpOf(field: Field, row: EffectiveValue | undefined): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'key-hover';
  const add = (text: string, className: string): void => {
    const part = document.createElement('p');
    part.textContent = text;
    part.className = className;
    dom.append(part);
  };
  add(`${field.key}: ${field.expected}, ${EFFECT_TEXT[field.facts.effect]}`, 'key-hover-head');
  add(field.facts.help, '');
  add(`In force: ${inheritedText(row, field, null)}`, 'dim');
  return dom;
}
