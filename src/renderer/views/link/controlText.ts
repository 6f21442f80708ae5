import { closeCodeText } from '../../../shared/closeCodes.ts';
import { CONTROL_TEXT_BYTES, type ControlFrame, type ControlNote } from '../../../shared/controlFrame.ts';
import { csvOf } from '../../../shared/csv.ts';
import { count, exactMs, timeOfDay } from '../../format.ts';

export const DIRECTION = {
  sent: { arrow: '→', word: 'sent' },
  received: { arrow: '←', word: 'received' },
} as const satisfies Record<ControlFrame['direction'], { arrow: string; word: string }>;

const NOTE: Readonly<Record<ControlNote, string>> = {
  late: 'late',
  foreign: 'answers none of ours',
  stalled: 'across a local stall',
};

/** The bytes as a person reads them: control characters and marks that turn the direction of text are made visible. */
export function readable(frame: ControlFrame): string {
  if (frame.kind === 'close') return closeText(frame.bytes);
  const text = visible(decoded(frame.bytes));
  return frame.size > CONTROL_TEXT_BYTES ? `${text}… (${count(frame.size)} bytes)` : text;
}

/** What it was sent as; a message by its looks. */
export function carrierText({ carrier, bytes }: ControlFrame): string {
  if (carrier === 'none') return '';
  if (carrier !== 'message') return carrier;
  return /^\s*[[{]/.test(bytes) ? 'JSON' : 'text';
}

/** What there is to say of it besides its time. */
export function notesText({ notes, count: times }: ControlFrame): string {
  return [...(times > 1 ? [`× ${count(times)}`] : []), ...notes.map((note) => NOTE[note])].join(', ');
}

export interface HexLine {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

/** Sixteen bytes a line. */
export function hexLines(bytes: string): readonly HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const codes = [...bytes.slice(at, at + 16)].map((char) => char.charCodeAt(0));
    lines.push({
      offset: at.toString(16).padStart(4, '0'),
      hex: codes.map((code) => code.toString(16).padStart(2, '0')).join(' '),
      text: codes.map((code) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·')).join(''),
    });
  }
  return lines;
}

/** Oldest first, times in UTC. */
export function controlCsv(frames: readonly ControlFrame[]): string {
  const head = ['time', 'socket', 'direction', 'kind', 'carrier', 'rtt_ms', 'notes', 'count', 'bytes', 'text'];
  return csvOf(
    head,
    frames.map((frame) => [
      new Date(frame.wall).toISOString(),
      frame.generation,
      frame.direction,
      frame.kind,
      carrierText(frame),
      frame.rttMs,
      frame.notes.map((note) => NOTE[note]).join(', '),
      frame.count,
      frame.size,
      readable(frame),
    ]),
  );
}

/** Oldest first, a line each, as the table shows it. */
export function controlLines(frames: readonly ControlFrame[]): string {
  return frames
    .map((frame) => {
      const rtt = frame.rttMs === null ? '' : ` ${exactMs(frame.rttMs)} ms`;
      const notes = notesText(frame);
      const { arrow, word } = DIRECTION[frame.direction];
      const said = `${timeOfDay(frame.wall, true)} #${frame.generation} ${arrow} ${word} ${frame.kind}${rtt}`;
      return `${said}${notes === '' ? '' : ` (${notes})`}: ${readable(frame)}\n`;
    })
    .join('');
}

function closeText(bytes: string): string {
  if (bytes.length < 2) return `no code: ${closeCodeText(1005)}`;
  const code = bytes.charCodeAt(0) * 256 + bytes.charCodeAt(1);
  const text = visible(decoded(bytes.slice(2)));
  return `${code}${text === '' ? '' : ` "${text}"`}: ${closeCodeText(code)}`;
}

/** Bytes that are no UTF-8 are shown a character each; a character that the limit has cut in two is left out. */
function decoded(bytes: string): string {
  const raw = Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw, {
      stream: raw.length >= CONTROL_TEXT_BYTES,
    });
  } catch {
    return bytes;
  }
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const short = SHORT[char];
    if (short !== undefined) return short;
    const hex = code.toString(16).padStart(code < 0x100 ? 2 : 4, '0');
    return code < 0x100 ? `\\x${hex}` : `\\u{${hex}}`;
  });
}
