/** One line of a recording of `test/fixtures/captures`. */
export interface CaptureLine {
  /** When, s since 1970. */
  readonly at: number;
  readonly direction: 'open' | 'in' | 'out';
  /** A text frame, or the bytes of a binary one; of `open` the address. */
  readonly payload: Buffer | string;
  readonly binary: boolean;
}

const OPEN = /^(\S+) <-> (\d+(?:\.\d+)?)$/;
const OUT = /^\S+ <- (\d+(?:\.\d+)?): (.*)$/;
const IN = /^(\d+(?:\.\d+)?): (.*)$/;

/** Reads a recording in cryptofeed's format. Throws at a line that it does not know: nothing may be left out unseen. */
export function readCapture(text: string): CaptureLine[] {
  return text.split('\n').flatMap((line, index) => (line === '' ? [] : [readLine(line, index + 1)]));
}

function readLine(line: string, number: number): CaptureLine {
  const open = OPEN.exec(line);
  if (open !== null) return { at: Number(open[2]), direction: 'open', payload: open[1] ?? '', binary: false };
  const out = OUT.exec(line);
  if (out !== null) return { at: Number(out[1]), direction: 'out', payload: out[2] ?? '', binary: false };
  const came = IN.exec(line);
  if (came === null) throw new Error(`line ${number} of the recording is of no known form: ${line.slice(0, 80)}`);
  const source = came[2] ?? '';
  const binary = /^b(['"]).*\1$/.test(source);
  const payload = binary ? bytesOf(source.slice(2, -1)) : source;
  return { at: Number(came[1]), direction: 'in', payload, binary };
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
};

/** The bytes of what stands between the quotes of a Python bytes literal. */
export function bytesOf(literal: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < literal.length; i += 1) {
    const code = literal.charCodeAt(i);
    if (literal[i] !== '\\') {
      if (code > 0x7f) throw new Error(`no byte: ${literal[i]}`);
      bytes.push(code);
      continue;
    }
    i += 1;
    const name = literal[i] ?? '';
    const hex = name === 'x' ? literal.slice(i + 1, i + 3) : '';
    const byte = /^[0-9a-f]{2}$/i.test(hex) ? Number.parseInt(hex, 16) : ESCAPES[name];
    if (byte === undefined) throw new Error(`no escape: \\${name}${hex}`);
    if (name === 'x') i += 2;
    bytes.push(byte);
  }
  return Buffer.from(bytes);
}
