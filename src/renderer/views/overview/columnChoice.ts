import { keptHere } from '../../ui/kept.ts';
import { COLUMNS, type ColumnKey, columnOf, isColumnKey } from './columns.ts';

/** Which columns are shown, from left to right. The link's name is always the first, and cannot be hidden. */
export interface ColumnChoice {
  readonly order: readonly ColumnKey[];
  readonly hidden: readonly ColumnKey[];
}

const KEY = 'warmwire.columns';
const ALL: readonly ColumnKey[] = COLUMNS.map(({ key }) => key);

/** What is shown in a window of so many px as long as a person has chosen nothing: all of them, where there is room. */
export function defaultChoice(width: number): ColumnChoice {
  return { order: ALL, hidden: ALL.filter((key) => (columnOf(key).fromWidth ?? 0) > width) };
}

export const shownColumns = ({ order, hidden }: ColumnChoice): readonly ColumnKey[] =>
  order.filter((key) => !hidden.includes(key));

/** A choice that was written by any version: columns it does not know come where this version has them, hidden if they need room. */
export function readChoice(text: string | null): ColumnChoice | null {
  if (text === null) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || !('order' in read) || !('hidden' in read)) return null;
  const order: ColumnKey[] = keysOf(read.order).filter((key) => key !== 'name');
  const hidden = keysOf(read.hidden).filter((key) => key !== 'name');
  if (order.length === 0) return null;
  const missing = ALL.filter((key) => key !== 'name' && !order.includes(key));
  for (const key of missing) order.splice(placeOf(key, order), 0, key);
  return {
    order: ['name', ...order],
    hidden: [...hidden, ...missing.filter((key) => columnOf(key).fromWidth !== undefined)],
  };
}

/** After the nearest column that stands before it in this version's order. */
function placeOf(key: ColumnKey, order: readonly ColumnKey[]): number {
  for (let i = ALL.indexOf(key) - 1; i > 0; i -= 1) {
    const at = order.indexOf(ALL[i] as ColumnKey);
    if (at >= 0) return at + 1;
  }
  return 0;
}

function keysOf(value: unknown): ColumnKey[] {
  return Array.isArray(value) ? [...new Set(value.filter(isColumnKey))] : [];
}

/** One step to the left (-1) or right (+1); what cannot move stays. */
export function moved(choice: ColumnChoice, key: ColumnKey, by: -1 | 1): ColumnChoice {
  const order = [...choice.order];
  const at = order.indexOf(key);
  const to = at + by;
  if (at < 1 || to < 1 || to >= order.length) return choice;
  order.splice(at, 1);
  order.splice(to, 0, key);
  return { ...choice, order };
}

export function toggled(choice: ColumnChoice, key: ColumnKey): ColumnChoice {
  const hidden = choice.hidden.includes(key) ? choice.hidden.filter((one) => one !== key) : [...choice.hidden, key];
  return { ...choice, hidden };
}

export const loadChoice = (): ColumnChoice | null => readChoice(keptHere.read(KEY));

/** `null` forgets the choice. */
export function saveChoice(choice: ColumnChoice | null): void {
  keptHere.keep(KEY, choice === null ? null : JSON.stringify(choice));
}
