import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { editText, type TextEdit, type Value } from '../../src/shared/toml/edit.ts';
import { parseToml, type TomlNode, tableOf } from '../../src/shared/toml/toml.ts';

function done(text: string, edit: TextEdit): string {
  const edited = editText(text, edit);
  if (!edited.ok) throw new Error(edited.problem.message);
  return edited.value;
}

const kindOf = (text: string, edit: TextEdit): string => {
  const edited = editText(text, edit);
  return edited.ok ? edited.value : edited.problem.kind;
};

const A = ['link', 'a'];

describe('a key is reset', () => {
  const unset = (text: string): string => done(text, { kind: 'unset', path: [...A, 'x'] });

  it.each([
    ['goes with its line', '[link.a]\nx = 1\ny = 2\n', '[link.a]\ny = 2\n'],
    ['becomes a comment where it has one', '[link.a]\n  x = 1 # mine\ny = 2\n', '[link.a]\n  # x = 1 # mine\ny = 2\n'],
    [
      'keeps the comments inside a list',
      '[link.a]\nx = [ # a\n  "b",\n  # c\n]\n',
      '[link.a]\n# x = [ # a\n  # "b",\n  # c\n# ]\n',
    ],
    ['leaves an inline table', 'link.a = { x = 1, y = 2 } # c\n', 'link.a = { y = 2 } # c\n'],
    ['leaves an inline table as the last', 'link.a = { y = 2, x = 1 } # c\n', 'link.a = { y = 2 } # c\n'],
    ['leaves an inline table as the only one', 'link.a = { x = 1 }\n', 'link.a = {  }\n'],
    ['needs no last newline', '[link.a]\nx = 1', '[link.a]\n'],
    ['keeps Windows line ends', '[link.a]\r\nx = 1 # c\r\ny = 2\r\n', '[link.a]\r\n# x = 1 # c\r\ny = 2\r\n'],
    ['keeps a byte order mark', '\u{feff}link.a.x = 1\nb = 2\n', '\u{feff}b = 2\n'],
  ])('[D3] and %s', (_, before, after) => expect(unset(before)).toBe(after));

  it('[D3] only where it stands', () => {
    expect(kindOf('[link.a]\ny = 1\n', { kind: 'unset', path: [...A, 'x'] })).toBe('cannot-edit');
    expect(kindOf('[link.a\n', { kind: 'unset', path: [...A, 'x'] })).toBe('broken-settings');
  });
});

describe('a list is edited', () => {
  const set = (text: string, ...value: string[]): string => done(text, { kind: 'set', path: [...A, 'x'], value });

  it.each([
    ['in one line', '[link.a]\nx = ["a"] # c\n', ['a', 'b'], '[link.a]\nx = ["a", "b"] # c\n'],
    ['in many lines', '[link.a]\nx = [\n  "a",\n  "b"\n]\n', ['b', 'c'], '[link.a]\nx = [\n  "b",\n  "c",\n]\n'],
    ['to nothing', '[link.a]\nx = [\n  "a",\n]\n', [], '[link.a]\nx = []\n'],
    [
      'with comments: one more',
      '[link.a]\nx = [\n  "a", # a\n  "b" # b\n]\n',
      ['a', 'new', 'b'],
      '[link.a]\nx = [\n  "a", "new", # a\n  "b" # b\n]\n',
    ],
    [
      'with comments: one less',
      '[link.a]\nx = [\n  "a", # a\n  "b", # b\n  "c",\n]\n',
      ['a', 'b'],
      '[link.a]\nx = [\n  "a", # a\n  "b", # b\n]\n',
    ],
    [
      'with comments: another',
      '[link.a]\nx = [ # of\n  "a", # a\n  "b"\n]\n',
      ['z', 'b'],
      '[link.a]\nx = [ # of\n  "z", # a\n  "b"\n]\n',
    ],
    ['with comments: the first', '[link.a]\nx = [ # of\n]\n', ['a'], '[link.a]\nx = ["a" # of\n]\n'],
  ] as const)('[D3] %s', (_, before, value, after) => expect(set(before, ...value)).toBe(after));
});

describe('a table', () => {
  const TWO = '# about a\n[link.a] # of a\nx = 1 # one\n# inside\ny = 2\n\n# ---- next part\n\n[link.b]\nx = 3\n';

  it('[D3] is removed with its own comments and no others', () => {
    expect(done(TWO, { kind: 'remove', path: A })).toBe('# about a\n\n# ---- next part\n\n[link.b]\nx = 3\n');
    expect(done(`x = 1\n\n${TWO}`, { kind: 'remove', path: A })).toBe('x = 1\n\n# ---- next part\n\n[link.b]\nx = 3\n');
    expect(done(TWO, { kind: 'remove', path: ['link', 'b'] })).toBe(TWO.slice(0, TWO.indexOf('[link.b]')));
    expect(done('[link]\na.x = 1\na.y = 2\nb.x = 3\n', { kind: 'remove', path: A })).toBe('[link]\nb.x = 3\n');
    expect(done('link = { a = { x = 1 }, b = {} }\n', { kind: 'remove', path: A })).toBe('link = { b = {} }\n');
  });

  it('[D3] is renamed wherever its name stands', () => {
    const rename = (text: string) => done(text, { kind: 'rename', path: A, name: 'b "🚀".c' });
    expect(rename('[link.a] # c\nx = 1\n')).toBe('[link."b \\"🚀\\".c"] # c\nx = 1\n');
    expect(rename('[link]\na.x = 1\na.y = 2\n')).toBe('[link]\n"b \\"🚀\\".c".x = 1\n"b \\"🚀\\".c".y = 2\n');
    expect(kindOf(TWO, { kind: 'rename', path: A, name: 'b' })).toBe('cannot-edit');
  });

  it('[D3] is copied below itself with its comments', () => {
    expect(done(TWO, { kind: 'copy', path: A, name: 'c' })).toBe(
      TWO.replace('y = 2\n', 'y = 2\n\n[link.c] # of a\nx = 1 # one\n# inside\ny = 2\n'),
    );
    expect(done('[link]\na.x = "1"\n', { kind: 'copy', path: A, name: 'c' })).toBe(
      '[link]\na.x = "1"\n\n[link.c]\nx = "1"\n',
    );
  });

  it('[D3] is added below the last of its kind', () => {
    const add: TextEdit = { kind: 'add', path: ['link', 'c'], keys: [['preset', 'kraken_v2']] };
    expect(done('', add)).toBe('[link.c]\npreset = "kraken_v2"\n');
    expect(done(`${TWO}\n# pools\n[pool.p]\n`, add)).toBe(
      `${TWO}\n[link.c]\npreset = "kraken_v2"\n\n# pools\n[pool.p]\n`,
    );
    expect(kindOf(TWO, { ...add, path: A })).toBe('cannot-edit');
  });
});

interface Made {
  readonly text: string;
  /** By number, the table that a comment belongs to; -1: to none. */
  readonly owners: readonly number[];
  readonly names: readonly string[];
}

const oddName = fc.constantFrom(
  'a',
  'b',
  'kraken',
  'x "y" z',
  '🚀',
  'اتصال',
  '__proto__',
  'constructor',
  '1',
  'a.b',
  ' ',
  'n'.repeat(200),
);
const key = fc.constantFrom('url', 'preset', 'subscribe', 'ping_interval_secs', 'enabled');
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.string(),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
);
const part = fc.record({ key, list: fc.boolean(), comment: fc.boolean(), above: fc.boolean() });
const tables = fc.array(
  fc.record({ name: oddName, parts: fc.array(part, { maxLength: 4 }), remark: fc.boolean(), free: fc.boolean() }),
  { minLength: 1, maxLength: 5 },
);
const made: fc.Arbitrary<Made> = fc.tuple(tables, fc.constantFrom('\n', '\r\n')).map(([all, eol]) => {
  const owners: number[] = [];
  const comment = (owner: number): string => `# ~${owners.push(owner) - 1}~`;
  const lines: string[] = [comment(-1), ''];
  const names = [...new Set(all.map(({ name }) => name))];
  for (const [at, name] of names.entries()) {
    const { parts, remark, free } = all.find((one) => one.name === name) ?? { parts: [], remark: false, free: false };
    if (remark) lines.push(comment(at));
    lines.push(`[link.${JSON.stringify(name)}] ${comment(at)}`);
    for (const one of parts.filter((two, index) => parts.findIndex(({ key: k }) => k === two.key) === index)) {
      if (one.above) lines.push(comment(at));
      if (one.list) lines.push(`${one.key} = [ ${comment(at)}`, `  "one", ${comment(at)}`, '  "two"', ']');
      else lines.push(`${one.key} = 1 ${one.comment ? comment(at) : ''}`);
    }
    lines.push('');
    if (free) lines.push(comment(-1), '');
  }
  return { text: lines.join(eol), owners, names };
});

type Step = {
  readonly pick: number;
  readonly key: string;
  readonly value: Value;
  readonly name: string;
  readonly kind: TextEdit['kind'];
};
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    pick: fc.nat(4),
    key,
    value,
    name: oddName,
    kind: fc.constantFrom('set', 'set', 'unset', 'unset', 'add', 'copy', 'rename', 'remove'),
  }),
  { maxLength: 12 },
);

type Model = Map<string, { readonly from: number | null; readonly values: Map<string, unknown> }>;

it('[D3] any sequence of form edits gives a text that parses to what was asked for, and keeps every comment', () => {
  fc.assert(
    fc.property(made, steps, ({ text: start, owners, names }, all) => {
      let text = start;
      const model: Model = new Map(
        names.map((name, from) => [name, { from, values: linksIn(start).get(name) ?? new Map() }]),
      );
      const gone = new Set<number>();
      for (const step of all) {
        const name = [...model.keys()][step.pick % Math.max(1, model.size)] ?? 'none';
        const edited = editText(text, editOf(step, name));
        if (edited.ok !== possible(step, name, model))
          throw new Error(`${step.kind} ${name}: ${JSON.stringify(edited)}`);
        if (!edited.ok) continue;
        text = edited.value;
        const removed = follow(model, step, name);
        if (removed !== null) gone.add(removed);
      }
      expect(linksIn(text)).toEqual(new Map([...model].map(([name, { values }]) => [name, values])));
      const read = parseToml(text);
      const comments = (read.ok ? read.program.comments : []).map(({ value: said }) => said).join('\n');
      const lost = owners.flatMap((owner, at) => (gone.has(owner) || comments.includes(`~${at}~`) ? [] : [at]));
      expect(lost).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

it('[D3] half-written text is never edited, and never throws', () => {
  fc.assert(
    fc.property(made, fc.nat(400), steps, ({ text }, cut, all) => {
      const half = `${text.slice(0, cut)}\n[`;
      for (const step of all) expect(kindOf(half, editOf(step, 'a'))).toMatch(/^(broken-settings|bad-value)$/);
    }),
    { numRuns: 200 },
  );
});

it('[D3] every key of the default file can be set, reset and set again, and the rest of the file stays', () => {
  const names = DEFAULT_SETTINGS_TEXT.match(/^\[.*\]$/gm) ?? [];
  let text = DEFAULT_SETTINGS_TEXT;
  for (const header of names) {
    const path = [...header.slice(1, -1).split('.'), 'brand_new'];
    text = done(text, { kind: 'set', path, value: 1 });
    text = done(text, { kind: 'unset', path });
  }
  expect(text).toBe(DEFAULT_SETTINGS_TEXT);
});

function editOf({ kind, key: at, value: next, name }: Step, table: string): TextEdit {
  const path = ['link', table];
  if (kind === 'set') return { kind, path: [...path, at], value: next };
  if (kind === 'unset') return { kind, path: [...path, at] };
  if (kind === 'add') return { kind, path: ['link', name], keys: [['preset', 'p']] };
  return kind === 'remove' ? { kind, path } : { kind, path, name };
}

function possible({ kind, key: at, value: next, name }: Step, table: string, model: Model): boolean {
  const held = model.get(table);
  if (kind === 'add') return !model.has(name);
  if (kind === 'set') return held === undefined || !(Array.isArray(held.values.get(at)) && !Array.isArray(next));
  if (held === undefined) return false;
  if (kind === 'unset') return held.values.has(at);
  return kind === 'remove' || !model.has(name);
}

/** Answers whose comments went with it. */
function follow(model: Model, { kind, key: at, value: next, name }: Step, table: string): number | null {
  const held = model.get(table);
  const values = held?.values ?? new Map<string, unknown>();
  if (kind === 'add') model.set(name, { from: null, values: new Map([['preset', 'p']]) });
  if (kind === 'set') model.set(table, { from: held?.from ?? null, values: values.set(at, next === 0 ? 0 : next) });
  if (kind === 'unset') values.delete(at);
  if (kind === 'copy') model.set(name, { from: null, values: new Map(values) });
  if (kind === 'remove' || kind === 'rename') model.delete(table);
  if (kind === 'rename' && held !== undefined) model.set(name, held);
  return kind === 'remove' ? (held?.from ?? null) : null;
}

/** Maps and not objects: a link may be called `__proto__`. */
function linksIn(text: string): Map<string, Map<string, unknown>> {
  const read = parseToml(text);
  if (!read.ok) throw new Error(read.reason);
  const links = tableOf(read.program, text).entries.get('link')?.node;
  return new Map(
    valuesOf(links).map(([name, node]) => [name, new Map(valuesOf(node).map(([one, held]) => [one, plain(held)]))]),
  );
}

const valuesOf = (node: TomlNode | undefined): [string, TomlNode][] =>
  node?.kind === 'table' ? [...node.entries.values()].map((entry) => [entry.name, entry.node]) : [];
const plain = (node: TomlNode): unknown =>
  node.kind === 'scalar' ? node.value : node.kind === 'list' ? node.items.map(plain) : node;
