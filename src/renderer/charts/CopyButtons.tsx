import { type RefObject, useEffect, useState } from 'react';
import { type Copied, copyPicture, copyText } from './copy.ts';

interface Props {
  /** What is copied, in the words of a title: `Round trip of demo-tokyo`. */
  readonly title: string;
  /** Of when the picture is; asked when it is taken. */
  readonly when: () => string;
  readonly picture: RefObject<HTMLElement | null>;
  /** The numbers as a file has them. */
  readonly csv: () => string;
}

const SAID_FOR_MS = 8_000;

const SAID: Readonly<Record<Copied, string>> = {
  copied: 'copied to the clipboard',
  saved: 'saved as a file: the browser denies the clipboard',
  failed: 'could not be made',
};

/** Takes a chart along: its picture, or its numbers. Says politely what became of it. */
export function CopyButtons({ title, when, picture, csv }: Props) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const fileName = (ending: string): string =>
    `warmwire-${title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}.${ending}`;
  async function copy(what: 'PNG' | 'CSV'): Promise<void> {
    setSaid('');
    const result = what === 'PNG' ? await copyPictureOf() : await copyTable();
    setSaid(`${what} ${SAID[result]}`);
  }
  async function copyPictureOf(): Promise<Copied> {
    if (picture.current === null) return 'failed';
    return copyPicture(picture.current, { title: `${title}, ms`, when: when() }, fileName('png'));
  }
  function copyTable(): Promise<Copied> {
    return copyText(csv(), fileName('csv'));
  }
  return (
    <div className="copy-buttons">
      <output title={said}>{said}</output>
      <button
        type="button"
        className="button small"
        aria-label={`Copy ${title} as PNG`}
        onClick={() => void copy('PNG')}
      >
        PNG
      </button>
      <button
        type="button"
        className="button small"
        aria-label={`Copy ${title} as CSV`}
        onClick={() => void copy('CSV')}
      >
        CSV
      </button>
    </div>
  );
}
