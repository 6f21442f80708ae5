import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldAt, TABLES } from '../../src/renderer/views/settings/fields.ts';
import { inheritedText, shownValue, typedValue } from '../../src/renderer/views/settings/fieldText.ts';
import { fieldUnder, hintsAt, type Lines } from '../../src/renderer/views/settings/hints.ts';
import { lineDiff } from '../../src/renderer/views/settings/lineDiff.ts';
import { inEditor, withLineEnds } from '../../src/renderer/views/settings/lineEnds.ts';
import { readText, spotAt } from '../../src/renderer/views/settings/reading.ts';
import { freeName, sectionFor, sectionsOf } from '../../src/renderer/views/settings/sections.ts';
import { SettingsSchema } from '../../src/shared/settings.ts';
import { editText } from '../../src/shared/toml/edit.ts';
import { nodeAt } from '../../src/shared/toml/toml.ts';

const linesOf = (text: string): Lines => {
  const lines = text.split('\n');
  return { lines: lines.length, line: (number) => ({ text: lines[number - 1] ?? '' }) };
};
/** What is offered where the text has a `|`. */
function offered(text: string): readonly string[] {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const doc = linesOf(text.replace('|', ''));
  const presets = [
    { name: 'kraken_v2', venue: 'Kraken', addresses: [], channels: [{ name: 'ticker' }, { name: 'book' }] },
  ];
  return hintsAt(doc, before.length, before.at(-1)?.length ?? 0, presets)?.hints.map(({ label }) => label) ?? [];
}

it('[D3] every table and key of the schema can be edited in the form', () => {
  expect(TABLES.map(({ name }) => name)).toEqual(Object.keys(SettingsSchema.shape));
  for (const { name, fields } of TABLES) {
    expect(fields.length, name).toBeGreaterThan(0);
    for (const { key, control } of fields) expect(control.kind, `${name}.${key}`).not.toBe('other');
  }
});

it('[D3] what is typed in any field and written to the text is what the field then shows', () => {
  const fields = TABLES.flatMap(({ name, named, fields: own }) =>
    own.map((field) => ({ field, path: named ? [name, 'a "b" 🚀', field.key] : [name, field.key] })),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...fields),
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true }),
      ({ field, path }, text, number) => {
        const typed =
          field.control.kind === 'number' ? String(number) : field.control.kind === 'switch' ? 'true' : text;
        const value = typedValue(field, typed);
        if (value.kind !== 'value') return;
        const edited = editText('# mine\n', { kind: 'set', path, value: value.value });
        if (!edited.ok) throw new Error(edited.problem.message);
        const { root } = readText(edited.value);
        const shown = shownValue(root === null ? undefined : (nodeAt(root, path) ?? undefined));
        expect(typedValue(field, shown ?? '')).toEqual(value);
      },
    ),
  );
});

describe('completion', () => {
  it('[D3] offers keys of this table that are not set yet, above or below', () => {
    const keys = offered('[log]\nlevel = "info"\n|\n[app]\nshutdown_grace_secs = 3\n');
    expect(keys).toEqual(['statistics']);
    expect(offered('[app]\n|\nshutdown_grace_secs = 3\n')).toEqual(['rollback_after_secs']);
  });

  it('[D3] offers values by the type of the key, and nothing in a comment or a text of no known form', () => {
    expect(offered('[log]\nlevel = |')).toEqual(['debug', 'info', 'warn', 'error']);
    expect(offered('[log]\nlevel = "in|')).toEqual(['debug', 'info', 'warn', 'error']);
    expect(offered('[link.a]\nstandby = |')).toEqual(['true', 'false']);
    expect(offered('[link.a]\nmissed_pongs = |')).toEqual(['3']);
    expect(offered('[link.a]\npreset = "|')).toEqual(['kraken_v2']);
    expect(offered('[link.a]\nurl = "|')).toEqual([]);
    expect(offered('[log]\nlevel = "info" # |')).toEqual([]);
  });

  it('[D3] offers the channels of the preset, also in a list of many lines', () => {
    expect(offered('[link.a]\nsubscribe = ["|"]\npreset = "kraken_v2"')).toEqual(['ticker:', 'book:']);
    expect(offered('[link.a]\npreset = "kraken_v2"\nsubscribe = [\n  "ticker:X",\n  "|"\n]')).toEqual([
      'ticker:',
      'book:',
    ]);
    expect(offered('[link.a]\nsubscribe = ["|"]')).toEqual([]);
    expect(offered('[link.a]\nsubscribe_raw = ["|"]\npreset = "kraken_v2"')).toEqual([]);
  });

  it('[D3] offers tables that are not there yet, and names of links without end', () => {
    expect(offered('[gate]\n[|')).toEqual([
      'connection',
      'link.NAME',
      'pool.NAME',
      'notice.NAME',
      'notices',
      'api',
      'log',
      'app',
    ]);
  });

  it('[D3] any text and place is answered without an exception', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '"',
      '#',
      '=',
      '\n',
      'link',
      '.',
      'a',
      ' ',
      'subscribe',
      'preset = "kraken_v2"',
      '|',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void offered(`${pieces.join('')}|`)));
  });
});

it('[D3] the key under the pointer is told from values, comments and lists', () => {
  const doc = linesOf('[link.a]\nmissed_pongs = 3\nsubscribe = [\n  "preset = x"\n]\n# preset = 1\n[__proto__]\nx = 1');
  expect(fieldUnder(doc, 2, 4)?.key).toBe('missed_pongs');
  expect(fieldUnder(doc, 2, 15)).toBeNull();
  expect(fieldUnder(doc, 4, 4)).toBeNull();
  expect(fieldUnder(doc, 6, 4)).toBeNull();
  expect(fieldUnder(doc, 8, 0)).toBeNull();
});

it('[D3] a line of the text leads to its table and key, also between the lines of a list', () => {
  const { root } = readText('x = 1\n# c\n[link.a]\n# c\nsubscribe = [\n  "a",\n]\n\n[link."b.c"]\nurl = "x"\n');
  if (root === null) throw new Error('not read');
  expect(spotAt(root, 2)).toBeNull();
  expect(spotAt(root, 4)).toEqual({ path: ['link', 'a'], key: null });
  expect(spotAt(root, 6)).toEqual({ path: ['link', 'a'], key: 'subscribe' });
  expect(spotAt(root, 10)).toEqual({ path: ['link', 'b.c'], key: 'url' });
});

it('[D3] a text that is too large is not read, and it is said', () => {
  const { root, problems } = readText(`# ${'x'.repeat(2 ** 20)}\n[log]\n`);
  expect([root, problems[0]?.message]).toEqual([null, 'the text has more than 1 MiB']);
});

it('[D3] the sections are those of the text, in its order; a name is never given twice', () => {
  const { root } = readText('[link.2]\n[pool.p]\n[link.1]\n[link.new-link]\n');
  const sections = sectionsOf(root);
  expect(sections.filter(({ table }) => table.named).map(({ path }) => path.join(' '))).toEqual([
    'link 2',
    'link 1',
    'link new-link',
    'pool p',
  ]);
  expect(sectionFor(sections, ['connection'], 'http_http2')?.title).toBe('all pools');
  expect(sectionFor(sections, ['link', 'gone'], null)).toBeNull();
  expect(freeName(root, 'link', 'new-link')).toBe('new-link-2');
});

it('[C1] what holds while a key is not set is said with its unit and source', () => {
  const field = fieldAt('link.kraken', 'ping_interval_secs');
  if (field === null) throw new Error('no such key');
  const row = { key: 'ping_interval_secs', value: '15', unit: 's', note: null } as const;
  expect(inheritedText({ ...row, source: 'preset' }, field, 'kraken_v2')).toBe('15 s from preset kraken_v2');
  expect(inheritedText({ ...row, source: 'built in' }, field, null)).toBe('15 s, built in');
  expect(inheritedText(undefined, field, null)).toBe('15 s, built in');
  const held = { ...row, source: 'limit of the venue', note: '60 s ([connection]) held at 15 s' } as const;
  expect(inheritedText(held, field, 'kraken_v2')).toBe('15 s (60 s ([connection]) held at 15 s)');
});

it('[D3] a comparison has exactly the lines that differ, in order, with what is next to them', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before.join('\n'), after.join('\n'));
      const kept = (kinds: readonly string[]) =>
        lines.filter(({ kind }) => kinds.includes(kind)).map((one) => one.text);
      if (before.join('\n') === after.join('\n')) return void expect(lines).toEqual([]);
      if (lines.some(({ kind }) => kind === 'cut')) return;
      const within = (part: readonly string[], whole: string): void => expect(whole).toContain(part.join('\n'));
      within(kept(['same', 'gone']), before.join('\n'));
      within(kept(['same', 'new']), after.join('\n'));
    }),
    { numRuns: 2000 },
  );
  expect(lineDiff('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne').map(({ kind }) => kind)).toEqual(['same', 'gone', 'new', 'same']);
});

describe('line ends', () => {
  it.each([
    ['a = 1\r\nb = 2\r\n', 'a = 1\nb = 3\n', 'a = 1\r\nb = 3\r\n'],
    ['a = 1\r\n', 'a = 1\nb = 2\n', 'a = 1\r\nb = 2\r\n'],
    ['a\r\nb\nc\r\n', 'a\nbb\nc\n', 'a\r\nbb\nc\r\n'],
    ['a\nb\n', 'a\nb\nc\n', 'a\nb\nc\n'],
  ])('[D3] an edit of %j in the editor leaves the other lines as they end', (text, edited, kept) => {
    expect(withLineEnds(text, edited)).toBe(kept);
  });

  it('[D3] whatever is edited, the editor shows the same again, and without an edit nothing changes', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '=', '\r', ' ', 'é'), maxLength: 5 });
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 6 })
      .map((all) => all.flat().join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(inEditor(withLineEnds(before, inEditor(after)))).toBe(inEditor(after));
        const windows = inEditor(before).replaceAll('\n', '\r\n');
        expect(withLineEnds(windows, inEditor(windows))).toBe(windows);
        fc.pre(windows.includes('\r'));
        expect(withLineEnds(windows, inEditor(after)).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
