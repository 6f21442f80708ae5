import { useEffect, useState } from 'react';
import { useEngine } from '../store/hooks.ts';
import { ActionButton } from './ActionButton.tsx';

interface Props {
  /** What is copied, as in `Copy CSV`. */
  readonly label: string;
  /** What a screen reader and the title say besides. */
  readonly title: string;
  readonly blocked?: string | null;
  readonly text: () => string;
}

const SAID_MS = 2_000;

/** Puts a text on the clipboard and says so for two seconds, in the room that its label has. */
export function CopyButton({ label, title, blocked = null, text }: Props) {
  const engine = useEngine();
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setCopied((times) => times + 1),
      () =>
        engine.notify({
          kind: 'clipboard',
          message: 'the browser did not let Warmwire copy',
          where: label,
          hint: 'allow this page to use the clipboard, then press it again',
        }),
    );
  };
  return (
    <ActionButton className="button copy-button" blocked={blocked} title={title} aria-label={title} onClick={copy}>
      <span aria-hidden={copied > 0}>{label}</span>
      <span role="status">{copied > 0 ? 'Copied' : ''}</span>
    </ActionButton>
  );
}
