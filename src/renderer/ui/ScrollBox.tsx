import type { ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<'section'>, 'tabIndex'> {
  /** What is in it, said when the Tab key comes to it. */
  readonly 'aria-label': string;
}

/** A box that scrolls by itself: a stop of the Tab key, since arrow keys scroll only what has the focus. */
export function ScrollBox(props: Props) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  return <section {...props} tabIndex={0} />;
}
