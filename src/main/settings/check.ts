import { z } from 'zod';
import { expectedText, unwrap } from '../../shared/expected.ts';
import { quotedLine } from '../../shared/quotedLine.ts';
import { nameTrouble } from '../../shared/settings.ts';
import type { SettingsProblem } from '../../shared/settingsView.ts';
import { keyText, pathText } from '../../shared/toml/quoting.ts';
import type { Span, TomlEntry, TomlNode, TomlTable } from '../../shared/toml/toml.ts';
import { nearestOf } from './nearest.ts';

/**
 * Walks the document beside its schema and reports everything that does not fit, each at its place. The value is what
 * fits: a faulty key is left out of its table.
 */
export function checkTable(schema: z.ZodObject, table: TomlTable, report: (problem: SettingsProblem) => void): unknown {
  return checkObject(schema, table, [], report);
}

type Report = (problem: SettingsProblem) => void;

function checkObject(schema: z.ZodObject, table: TomlTable, path: readonly string[], report: Report): unknown {
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  const values: [string, unknown][] = [];
  for (const entry of table.entries.values()) {
    const known = Object.hasOwn(shape, entry.name) ? shape[entry.name] : undefined;
    if (known === undefined) report(unknownKey(entry, path, shape));
    else values.push([entry.name, checkEntry(known, entry, path, report)]);
  }
  return fitting(values);
}

function checkEntry(wrapped: z.ZodType, entry: TomlEntry, parent: readonly string[], report: Report): unknown {
  const schema = unwrap(wrapped);
  const path = [...parent, entry.name];
  const { node } = entry;
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) {
    if (node.kind !== 'table') {
      report(error(entry.keySpan, path, `${entry.name} is ${found(node)}`, `a table: ${tableHeader(path, schema)}`));
      return undefined;
    }
    if (schema instanceof z.ZodObject) return checkObject(schema, node, path, report);
    return checkRecord(schema, node, path, report);
  }
  if (schema instanceof z.ZodArray) return checkList(wrapped, schema, entry, path, report);
  const checked = node.kind === 'scalar' ? schema.safeParse(node.value) : null;
  if (checked?.success === true) return checked.data;
  report(error(node.span, path, `${keyText(entry.name)} is ${found(node)}`, expectedText(wrapped)));
  return undefined;
}

function checkRecord(schema: z.ZodRecord, table: TomlTable, path: readonly string[], report: Report): unknown {
  const values: [string, unknown][] = [];
  for (const entry of table.entries.values()) {
    const trouble = nameTrouble(entry.name, path[0] ?? 'table');
    if (trouble !== null) {
      report(error(entry.keySpan, [...path, entry.name], trouble, NAME_RULE));
      continue;
    }
    values.push([entry.name, checkEntry(schema.valueType as z.ZodType, entry, path, report)]);
  }
  return fitting(values);
}

const fitting = (values: readonly (readonly [string, unknown])[]): object =>
  Object.fromEntries(values.filter(([, value]) => value !== undefined));

const NAME_RULE = 'another name, of 1 to 200 characters, without control characters';

function checkList(
  wrapped: z.ZodType,
  schema: z.ZodArray,
  entry: TomlEntry,
  path: readonly string[],
  report: Report,
): unknown {
  const { node } = entry;
  if (node.kind !== 'list' || node.ofTables) {
    report(error(node.span, path, `${entry.name} is ${found(node)}`, expectedText(wrapped)));
    return undefined;
  }
  const element = schema.element as z.ZodType;
  const values = node.items.map((item, index) => {
    const checked = item.kind === 'scalar' ? element.safeParse(item.value) : null;
    if (checked?.success === true) return checked.data;
    const message = `entry ${index + 1} of ${entry.name} is ${found(item)}`;
    report(error(item.span, [...path, String(index)], message, expectedText(element)));
    return undefined;
  });
  const size = schema.safeParse(values).error?.issues.find((issue) => issue.path.length === 0);
  if (size?.code === 'too_big' || size?.code === 'too_small') {
    const limit = size.code === 'too_big' ? `at most ${size.maximum}` : `at least ${size.minimum}`;
    report(error(node.span, path, `${entry.name} has ${values.length || 'no'} entries`, limit));
  }
  return size === undefined && !values.includes(undefined) ? values : undefined;
}

function unknownKey(
  entry: TomlEntry,
  parent: readonly string[],
  shape: Readonly<Record<string, z.ZodType>>,
): SettingsProblem {
  const isTable = entry.node.kind === 'table' || (entry.node.kind === 'list' && entry.node.ofTables);
  const name = keyText(entry.name);
  const atTop = parent.length === 0;
  const message = atTop
    ? `there is no ${isTable ? 'table' : 'key'} called ${name} here`
    : `[${pathText(parent)}] has no key called ${name}`;
  const expected = atTop
    ? 'the tables [connection], [link.NAME], [pool.NAME], [gate], [notice.NAME], [notices], [api], [log] and [app]'
    : `a key of [${tableKind(parent)}]`;
  const nearest = nearestOf(entry.name, Object.keys(shape));
  return { ...error(entry.keySpan, [...parent, entry.name], message, expected), nearest };
}

const NAMED_TABLES: readonly (string | undefined)[] = ['link', 'pool', 'notice'];

const tableKind = (path: readonly string[]): string =>
  NAMED_TABLES.includes(path[0]) && path.length === 2 ? `${path[0]}.NAME` : pathText(path);

function tableHeader(path: readonly string[], schema: z.ZodType): string {
  return schema instanceof z.ZodRecord ? `[${pathText(path)}.NAME]` : `[${pathText(path)}]`;
}

function found(node: TomlNode): string {
  if (node.kind === 'table') return 'a table';
  if (node.kind === 'list') return node.ofTables ? 'a list of tables' : 'a list';
  return quotedLine(node.source);
}

function error(span: Span, path: readonly string[], message: string, expected: string): SettingsProblem {
  return { severity: 'error', ...span, path: pathText(path), message, expected, nearest: null };
}
