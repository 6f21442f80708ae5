import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

interface Props {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Around a wide table: in a narrow window it scrolls in here, and not the page. A stop of Tab, by this name, while there is something to scroll. */
export function WideBox({ label, className = '', children }: Props) {
  const box = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const held = box.current;
    if (held === null) return;
    const observer = new ResizeObserver(() =>
      setScrolls(held.scrollWidth > held.clientWidth || held.scrollHeight > held.clientHeight),
    );
    observer.observe(held);
    for (const child of held.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <section
      ref={box}
      className={`wide-box ${className}`}
      aria-label={scrolls ? label : undefined}
      tabIndex={scrolls ? 0 : undefined}
    >
      {children}
    </section>
  );
}
