import { useRef } from 'react';
import { withoutNumbers } from '../format.ts';

/** Tells a screen reader a sentence when it has become another one. That its numbers count on is seen, and not said. */
export function Spoken({ text }: { readonly text: string }) {
  const said = useRef(text);
  if (withoutNumbers(said.current) !== withoutNumbers(text)) said.current = text;
  return (
    <p className="visually-hidden" role="status">
      {said.current}
    </p>
  );
}
