import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonField } from '../../../src/main/engine/link/jsonField.ts';

it.each([
  ['{"ping":9007199254740993}', 'ping', '9007199254740993'],
  ['{"ping":"1645202800015"}', 'ping', '"1645202800015"'],
  ['{"ping": 1.0e+3 }', 'ping', '1.0e+3'],
  ['{"a":{"ping":1},"ping":2}', 'ping', '2'],
  ['{"a":"\\"ping\\":7","ping":true}', 'ping', 'true'],
  ['{"p\\u0069ng":5}', 'ping', '5'],
  ['{"a":{"b":{"c":[1,{"d":"}"}]}}}', 'a.b.c', '[1,{"d":"}"}]'],
  ['{"ping":null}', 'ping', 'null'],
])('[L3] %s at %s is %s, byte for byte', (text, path, source) => {
  expect(jsonField(text, path.split('.'))).toBe(source);
});

it.each(['', '[1]', '{"a":1}', '{"ping":', '{"ping"', '{"ping":"x', 'ping', '{"a":1 "ping":2}'])(
  '[L3] %j has no field ping',
  (text) => {
    expect(jsonField(text, ['ping'])).toBeNull();
  },
);

it('[L3] for any object and any of its keys it is exactly what JSON.parse would have read', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(json, fc.nat(), fc.constantFrom(0, 2), (object, pick, indent) => {
      const keys = Object.keys(object);
      const name = keys[pick % keys.length] as string;
      const source = jsonField(JSON.stringify(object, null, indent), [name]);
      expect(JSON.parse(source as string)).toEqual(JSON.parse(JSON.stringify(object[name])));
    }),
    { numRuns: 1000 },
  );
});

it('[L3] no text makes it throw or run on', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }), (text, path) => {
      jsonField(text, path);
      jsonField(`{${text}`, path);
    }),
    { numRuns: 2000 },
  );
});
