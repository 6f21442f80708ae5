import { useState } from 'react';
import { plural } from '../../format.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Bar } from '../../ui/Bar.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { type DiffLine, lineDiff } from './lineDiff.ts';

interface Props {
  readonly mine: string;
  readonly file: string;
  /** Why the file cannot be overwritten now, `null` when it can. */
  readonly blocked: string | null;
  readonly onKeep: () => void;
  readonly onLoad: () => void;
  readonly onOverwrite: () => void;
}

/** The edit is unsaved and the file is another by now. Goes away with any answer, which takes the focus with it. */
export function Conflict({ mine, file, blocked, onKeep, onLoad, onOverwrite }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Bar tone="warn" role="alert">
        <span>
          The file was changed by another program or window, by a Pause or Resume, or taken back, while you had an edit
          that was not applied. Nothing has been overwritten, and your edit is kept.
        </span>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          Compare
        </button>
        <button type="button" onClick={onKeep}>
          Keep mine
        </button>
        <button type="button" onClick={onLoad}>
          Load the file
        </button>
        <ActionButton blocked={blocked} onClick={onOverwrite}>
          Overwrite the file
        </ActionButton>
      </Bar>
      {open && <Comparison mine={mine} file={file} />}
    </>
  );
}

const SIGN: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', gone: '−', new: '+', cut: ' ' };
const MEANING: Readonly<Record<DiffLine['kind'], string>> = {
  same: '',
  gone: 'only in the file',
  new: 'only in mine',
  cut: '',
};
/** More than a person compares in a bar. */
const MOST_LINES = 400;

/** What of the edit is not in the file, and what of the file is not in the edit. */
function Comparison({ mine, file }: { readonly mine: string; readonly file: string }) {
  const lines = lineDiff(file, mine);
  const differing = lines.filter(({ kind }) => kind === 'gone' || kind === 'new').length;
  return (
    <ScrollBox className="comparison" aria-label="Comparison of the file with your edit">
      <p className="dim">− only in the file, + only in your edit: {plural(differing, 'line')}</p>
      <pre>
        {lines.slice(0, MOST_LINES).map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be alike, and none moves
          <span key={index} className={`diff-${kind}`} title={MEANING[kind]}>
            {SIGN[kind]} {text}
            {'\n'}
          </span>
        ))}
      </pre>
      {lines.length > MOST_LINES && (
        <p className="dim">{lines.length - MOST_LINES} more lines that differ or stand between</p>
      )}
    </ScrollBox>
  );
}
