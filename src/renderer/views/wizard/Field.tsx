import { type ReactNode, useId } from 'react';

interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** A labelled input; the room for what is wrong with it is always there. */
export function Field(props: {
  readonly label: string;
  readonly unit: string;
  readonly fault: string | null;
  readonly children: (ids: FieldIds) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="labelled">
      <label htmlFor={id}>
        {props.label} <span className="unit">{props.unit}</span>
      </label>
      {props.children({ id, 'aria-describedby': `${id}-fault`, 'aria-invalid': props.fault !== null })}
      <Fault id={`${id}-fault`} text={props.fault} />
    </div>
  );
}

export function Fault({ id, text }: { readonly id: string; readonly text: string | null }) {
  return (
    <p className="fault" id={id}>
      {text}
    </p>
  );
}
