import { type KeyboardEvent, memo, useCallback, useRef, useState } from 'react';
import type { ControlFrame } from '../../../shared/controlFrame.ts';
import { exactMs, timeOfDay } from '../../format.ts';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { nextRow } from '../rowKeys.ts';
import { carrierText, DIRECTION, hexLines, notesText, readable } from './controlText.ts';

const COLUMNS: readonly GridColumn[] = [
  { key: 'time', head: 'Time', title: 'When it was sent or received; Enter shows its bytes' },
  { key: 'socket', head: '#', title: 'Number of the socket', numeric: true },
  { key: 'direction', head: 'Direction', title: 'Sent by Warmwire, or received from the venue' },
  { key: 'kind', head: 'Kind', title: 'What it was for' },
  { key: 'carrier', head: 'As', title: 'A control frame of the WebSocket protocol, a message, or a line' },
  { key: 'rtt', head: 'RTT', unit: 'ms', title: 'Of a pong: since its ping', numeric: true },
  { key: 'notes', head: 'Note', title: 'Anything special about it' },
  { key: 'text', head: 'Text', title: 'Its first 200 bytes' },
];

/** One row an exchange, newest first; arrow keys move between rows, Enter opens the bytes of one. */
export function ControlTable({ frames }: { readonly frames: readonly ControlFrame[] }) {
  const table = useRef<HTMLTableElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const newestFirst = frames.toReversed();
  const home = newestFirst.some(({ seq }) => seq === at) ? at : (newestFirst[0]?.seq ?? null);
  const toggle = useCallback((seq: number) => {
    setAt(seq);
    setOpen((held) => (held === seq ? null : seq));
  }, []);
  const onKeyDown = useCallback((event: KeyboardEvent<HTMLButtonElement>) => {
    const buttons = [...(table.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])];
    const seqs = buttons.map(({ dataset }) => dataset.seq ?? '');
    const next = nextRow(event.key, seqs, event.currentTarget.dataset.seq ?? '');
    if (next === null) return;
    event.preventDefault();
    setAt(Number(next));
    buttons[seqs.indexOf(next)]?.focus();
  }, []);
  return (
    <WideBox label="Table of the control exchanges" className="scroll-box control-box">
      <table className="plain control" ref={table}>
        <GridHead columns={COLUMNS} prefix="ccol" />
        <tbody>
          {newestFirst.map((frame) => (
            <Row
              key={frame.seq}
              frame={frame}
              open={frame.seq === open}
              home={frame.seq === home}
              onToggle={toggle}
              onKeyDown={onKeyDown}
            />
          ))}
        </tbody>
      </table>
    </WideBox>
  );
}

interface RowProps {
  readonly frame: ControlFrame;
  readonly open: boolean;
  readonly home: boolean;
  readonly onToggle: (seq: number) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

const Row = memo(function Row({ frame, open, home, onToggle, onKeyDown }: RowProps) {
  const { arrow, word } = DIRECTION[frame.direction];
  const text = readable(frame);
  return (
    <>
      <tr className={`control-row ${frame.direction}`}>
        <td>
          <button
            type="button"
            data-seq={frame.seq}
            tabIndex={home ? 0 : -1}
            aria-expanded={open}
            title={`${new Date(frame.wall).toISOString()}; press for its bytes`}
            onClick={() => onToggle(frame.seq)}
            onKeyDown={onKeyDown}
          >
            {timeOfDay(frame.wall, true)}
          </button>
        </td>
        <td className="num">{frame.generation}</td>
        <td>
          <span aria-hidden="true">{arrow} </span>
          {word}
        </td>
        <td>{frame.kind}</td>
        <td className="dim">{carrierText(frame)}</td>
        <td className="num">{frame.rttMs === null ? '' : exactMs(frame.rttMs)}</td>
        <td className={frame.notes.length > 0 ? 'word-warn' : 'dim'}>{notesText(frame)}</td>
        <td className="wire" title={text}>
          <bdi>{text === '' ? <span className="dim">empty</span> : text}</bdi>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={COLUMNS.length}>
            <Bytes frame={frame} />
          </td>
        </tr>
      )}
    </>
  );
});

function Bytes({ frame }: { readonly frame: ControlFrame }) {
  if (frame.bytes === '' || frame.carrier === 'none') return <p className="nothing">No bytes were on the wire.</p>;
  return (
    <pre className="bytes">
      {hexLines(frame.bytes)
        .map(({ offset, hex, text }) => `${offset}  ${hex.padEnd(47)}  ${text}`)
        .join('\n')}
    </pre>
  );
}
