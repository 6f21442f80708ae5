import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { hasNavigated } from './focus.ts';

interface Props {
  readonly children: ReactNode;
  readonly title?: string;
  readonly ref?: Ref<HTMLHeadingElement>;
}

/** A page's heading and its home: who came here from another page finds the focus on it. */
export function PageHeading({ children, title, ref }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useImperativeHandle(ref, () => heading.current as HTMLHeadingElement);
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus();
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} data-home title={title}>
      {children}
    </h1>
  );
}
