import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  carrierText,
  controlCsv,
  controlLines,
  hexLines,
  readable,
} from '../../src/renderer/views/link/controlText.ts';
import { csvOf } from '../../src/shared/csv.ts';
import { controlFrame } from './fakeControl.ts';

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

it('[L2] control characters and marks that turn text around are seen, and other writing is read as it is', () => {
  const text = (bytes: string): string => readable(controlFrame(1, { bytes }));
  expect(text('ping\n\r\t\u0000\u001b')).toBe('ping\\n\\r\\t\\x00\\x1b');
  expect(text(utf8('価格 Цена €'))).toBe('価格 Цена €');
  expect(text(utf8('a\u202eb\u200bc'))).toBe('a\\u{202e}b\\u{200b}c');
  expect(text('\u00ff\u00fe')).toBe('ÿþ');
  expect(text('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
});

it('[L2] a long exchange says how long it was, and a character that was cut in two is left out', () => {
  const bytes = utf8(`${'x'.repeat(199)}€`).slice(0, 200);
  expect(readable(controlFrame(1, { bytes, size: 1_234 }))).toBe(`${'x'.repeat(199)}… (1,234 bytes)`);
});

it('[L18] a close frame is read as its code and text', () => {
  const close = (bytes: string): string => readable(controlFrame(1, { kind: 'close', carrier: 'protocol', bytes }));
  expect(close('\u0003\u00e8')).toBe('1000: normal close');
  expect(close(`\u000f\u00a0${utf8('zu spät')}`)).toBe('4000 "zu spät": a code of the venue’s own');
  expect(close('')).toBe('no code: closed without a code');
});

it('[L2] pings are told apart by what they were sent as', () => {
  const words = [
    controlFrame(1, { carrier: 'protocol', bytes: '{' }),
    controlFrame(2, { bytes: ' {"op":"ping"}' }),
    controlFrame(3, { bytes: 'PING' }),
    controlFrame(4, { carrier: 'none', bytes: 'x' }),
    controlFrame(5, { carrier: 'line', bytes: 'PING' }),
  ].map(carrierText);
  expect(words).toEqual(['protocol', 'JSON', 'text', '', 'line']);
});

it('[L2] the bytes of any exchange can be read back from its hex', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const lines = hexLines(Buffer.from(bytes).toString('latin1'));
      expect(Buffer.from(lines.map(({ hex }) => hex.replaceAll(' ', '')).join(''), 'hex')).toEqual(Buffer.from(bytes));
      expect(lines.map(({ offset }) => Number.parseInt(offset, 16))).toEqual(lines.map((_, i) => 16 * i));
    }),
  );
});

it('[L2] copied rows hold what the table shows, once each', () => {
  const frames = [
    controlFrame(1, { bytes: '{"op":"ping","id":7}' }),
    controlFrame(2, { direction: 'received', kind: 'pong', bytes: '=1+1', rttMs: 0.001, notes: ['late'], count: 2 }),
  ];
  expect(controlCsv(frames)).toBe(
    'time,socket,direction,kind,carrier,rtt_ms,notes,count,bytes,text\r\n' +
      '2025-11-13T02:13:20.250Z,2,sent,ping,JSON,,,1,20,"{""op"":""ping"",""id"":7}"\r\n' +
      "2025-11-13T02:13:20.500Z,2,received,pong,text,0.001,late,2,4,'=1+1\r\n",
  );
  expect(controlLines(frames).replaceAll(/^\S+ /gm, '')).toBe(
    '#2 → sent ping: {"op":"ping","id":7}\n#2 ← received pong 0.001 ms (× 2, late): =1+1\n',
  );
});

it('[S2] a CSV cell comes back as it was, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (cells) => {
      const safe = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `x${cell}` : cell));
      const [, ...body] = csvOf(['h'], [safe]).split('h\r\n');
      const read = [...`${body.join('h\r\n').slice(0, -2)},`.matchAll(/("(?:[^"]|"")*"|[^,"]*),/g)].map(
        ([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell),
      );
      expect(read).toEqual(safe);
    }),
  );
});
