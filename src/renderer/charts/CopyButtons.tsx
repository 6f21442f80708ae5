import { Fragment, type RefObject, useEffect, useState } from 'react';
import { type Taken, type TakeTo, takePicture, takeText } from './copy.ts';

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

const SAID: Readonly<Record<Taken, string>> = {
  copied: 'copied to the clipboard',
  saved: 'saved as a file',
  'saved instead': 'saved as a file: the browser denies the clipboard',
  failed: 'could not be made',
};

const FORMS = ['PNG', 'CSV'] as const;
const WAYS = [
  { to: 'clipboard', text: 'Copy' },
  { to: 'file', text: 'Save' },
] as const satisfies readonly { readonly to: TakeTo; readonly text: string }[];

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
  async function take(what: 'PNG' | 'CSV', to: TakeTo): Promise<void> {
    setSaid('');
    const result = what === 'PNG' ? await picturedTo(to) : await takeText(csv(), to, fileName('csv'));
    setSaid(`${what} ${SAID[result]}`);
  }
  async function picturedTo(to: TakeTo): Promise<Taken> {
    if (picture.current === null) return 'failed';
    return takePicture(picture.current, { title: `${title}, ms`, when: when() }, to, fileName('png'));
  }
  return (
    <div className="copy-buttons">
      <output title={said}>{said}</output>
      {WAYS.map(({ to, text }) => (
        <Fragment key={to}>
          <span className="dim" aria-hidden="true">
            {text}
          </span>
          {FORMS.map((form) => (
            <button
              key={form}
              type="button"
              className="button small"
              aria-label={`${text} ${title} as ${form}`}
              onClick={() => void take(form, to)}
            >
              {form}
            </button>
          ))}
        </Fragment>
      ))}
    </div>
  );
}
