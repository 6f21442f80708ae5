import fc from 'fast-check';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import { setValue } from '../../src/shared/toml/edit.ts';

function set(text: string, path: string[], value: string | number | boolean): string {
  const edited = setValue(text, path, value);
  if (!edited.ok) throw new Error(edited.problem.message);
  return edited.value;
}

const ENABLED = ['link', 'foo', 'enabled'];

describe('setValue', () => {
  it.each([
    [
      'replaces a value and keeps its comment',
      '[link.foo]\nenabled = true # mine\n',
      '[link.foo]\nenabled = false # mine\n',
    ],
    [
      'inserts after the last key of the table',
      '[link.foo]\nurl = "x" # c\n\n# next\n[log]\n',
      '[link.foo]\nurl = "x" # c\nenabled = false\n\n# next\n[log]\n',
    ],
    [
      'inserts after a value of several lines',
      '[link.foo]\nsubscribe = [ # a\n  "x",\n] # b\n',
      '[link.foo]\nsubscribe = [ # a\n  "x",\n] # b\nenabled = false\n',
    ],
    [
      'inserts after the header of an empty table',
      '[link.foo] # c\n[log]\n',
      '[link.foo] # c\nenabled = false\n[log]\n',
    ],
    ['takes the indent of its neighbour', '[link.foo]\n  url = "x"\n', '[link.foo]\n  url = "x"\n  enabled = false\n'],
    ['needs no last newline', '[link.foo]\nurl = "x"', '[link.foo]\nurl = "x"\nenabled = false'],
    ['takes the last character of the file for what it is', '[link.foo]\nenabled = 0', '[link.foo]\nenabled = false'],
    ['needs no last newline after a header', '[link.foo]', '[link.foo]\nenabled = false'],
    ['keeps Windows line ends', '[link.foo]\r\nurl = "x"\r\n', '[link.foo]\r\nurl = "x"\r\nenabled = false\r\n'],
    ['finds quoted keys', '[link."foo"]\n"enabled" = true\n', '[link."foo"]\n"enabled" = false\n'],
    ['finds dotted keys', 'link.foo.enabled = true # c\n', 'link.foo.enabled = false # c\n'],
    [
      'adds to dotted keys',
      'link.foo.url = "x" # c\nlink.b.url = "y"\n',
      'link.foo.url = "x" # c\nlink.foo.enabled = false\nlink.b.url = "y"\n',
    ],
    ['adds to dotted keys in a table', '[link]\nfoo.url = "x"\n', '[link]\nfoo.url = "x"\nfoo.enabled = false\n'],
    [
      'adds to an inline table',
      '[link]\nfoo = { url = "x" } # c\n',
      '[link]\nfoo = { url = "x", enabled = false } # c\n',
    ],
    ['adds to an empty inline table', 'link = {}\n', 'link = { foo.enabled = false }\n'],
    [
      'changes inside an inline table',
      'link = { foo = { enabled = true, url = "x" } }',
      'link = { foo = { enabled = false, url = "x" } }',
    ],
    ['makes the table where there is none', '# c\n[log]\n', '# c\n[log]\n\n[link.foo]\nenabled = false\n'],
    ['keeps a byte order mark', '\u{feff}[link.foo]\nenabled = true\n', '\u{feff}[link.foo]\nenabled = false\n'],
  ])('[D3] %s', (_, before, after) => {
    expect(set(before, ENABLED, false)).toBe(after);
  });

  it('[D3] quotes names and texts that need it', () => {
    expect(set('', ['link', 'a "b" 🚀', 'url'], 'x\n\u0001\u007f"\\')).toBe(
      '[link."a \\"b\\" 🚀"]\nurl = "x\\n\\u0001\\u007F\\"\\\\"\n',
    );
    expect(set('[a]\nb = 1\n', ['top'], 2)).toBe('top = 2\n[a]\nb = 1\n');
  });

  it('[D3] refuses what it cannot do, and says so', () => {
    const kind = (text: string, path: string[], value: string | number) => {
      const edited = setValue(text, path, value);
      return edited.ok ? edited.value : edited.problem.kind;
    };
    expect(kind('[a', ['b'], 1)).toBe('broken-settings');
    expect(kind('[a]\nb = 1\n', ['a'], 1)).toBe('cannot-edit');
    expect(kind('a = { b = 1 }\n', ['a'], 1)).toBe('cannot-edit');
    expect(kind('a = [ # why\n1]\n', ['a'], 1)).toBe('cannot-edit');
    expect(kind('a = 1\n', ['a', 'b'], 1)).toBe('cannot-edit');
    expect(kind('[[a]]\n', ['a', 'b'], 1)).toBe('cannot-edit');
    expect(kind('', ['a'], Number.NaN)).toBe('bad-value');
    expect(kind('', ['a'], '\ud800')).toBe('bad-value');
    expect(kind('', [], 1)).toBe('bad-value');
  });

  it('[D3] pausing and resuming a link of the default file gives back the same text', () => {
    const paused = set(DEFAULT_SETTINGS_TEXT, ['link', 'demo-tokyo', 'enabled'], false);
    expect(paused).not.toBe(DEFAULT_SETTINGS_TEXT);
    expect(set(paused, ['link', 'demo-tokyo', 'enabled'], true)).toBe(DEFAULT_SETTINGS_TEXT);
  });

  it('[D3] any edit of any document changes that value, keeps all others, and keeps every comment in order', () => {
    fc.assert(
      fc.property(document, fc.array(name, { minLength: 1, maxLength: 3 }), value, (text, path, next) => {
        const before = parsed(text);
        fc.pre(before !== null);
        const edited = setValue(text, path, next);
        if (before === null || !edited.ok) return;
        const after = parsed(edited.value);
        expect(after?.comments).toEqual(before.comments);
        const expected = structuredClone(before.value) as Record<string, unknown>;
        put(expected, path, next);
        expect(after?.value).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });

  it('[D3] a key is always settable in a table with a header, and in dotted and inline ones', () => {
    fc.assert(
      fc.property(document, name, name, value, (text, table, key, next) => {
        const before = parsed(text);
        const held = before?.value[table];
        fc.pre(before !== null && (held === undefined || (typeof held === 'object' && !Array.isArray(held))));
        const inner = (held as Record<string, unknown> | undefined)?.[key];
        fc.pre(typeof inner !== 'object');
        expect(setValue(text, [table, key], next).ok).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'x y', '1');
const value = fc.oneof(fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string());
const key = name.map((one) => (/^\w+$/.test(one) ? one : JSON.stringify(one)));
const dotted = fc.array(key, { minLength: 1, maxLength: 3 }).map((keys) => keys.join('.'));
const scalar = fc.constantFrom(
  '1',
  'true',
  '"t # no"',
  "'l'",
  '[1, 2]',
  '[ # in\n 1,\n]',
  '{ a = 1 }',
  '{}',
  '{ b = { c = 2 }, c.a = 1 }',
  '"""\n[x]\n"""',
);
const comment = fc.constantFrom('', ' # c', '# d', '\t#e');
const line = fc.oneof(
  fc.tuple(fc.constantFrom('', '  '), dotted, scalar, comment).map(([indent, k, v, c]) => `${indent}${k} = ${v}${c}`),
  fc.tuple(dotted, comment).map(([k, c]) => `[${k}]${c}`),
  fc.tuple(key, comment).map(([k, c]) => `[[${k}]]${c}`),
  fc.constantFrom('', '# whole line', '   '),
);
const document = fc
  .tuple(fc.array(line, { maxLength: 9 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, eol, last]) => lines.join('\n').replaceAll('\n', eol) + (last ? eol : ''));

function parsed(text: string): { value: Record<string, unknown>; comments: string[] } | null {
  try {
    const program = parseTOML(text, { tomlVersion: '1.0' });
    return {
      value: getStaticTOMLValue(program) as Record<string, unknown>,
      comments: program.comments.map((one) => one.value),
    };
  } catch {
    return null;
  }
}

function put(root: Record<string, unknown>, path: readonly string[], next: unknown): void {
  let table = root;
  for (const step of path.slice(0, -1)) {
    table[step] ??= {};
    table = table[step] as Record<string, unknown>;
  }
  table[path.at(-1) ?? ''] = typeof next === 'number' && next === 0 ? 0 : next;
}
