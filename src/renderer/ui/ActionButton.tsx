import type { ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<'button'>, 'disabled' | 'aria-disabled' | 'type'> {
  /** Why nothing can be done now, `null` when it can. Said in the title in place of what the button does. */
  readonly blocked: string | null;
}

/** A button that keeps the focus while it is blocked: a disabled one would drop it on the page's body. */
export function ActionButton({ blocked, title, onClick, ...rest }: Props) {
  return (
    <button
      {...rest}
      type="button"
      title={blocked ?? title}
      aria-disabled={blocked !== null}
      onClick={(event) => {
        if (blocked === null) onClick?.(event);
      }}
    />
  );
}
