import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Device pixels to one of these. */
  readonly ratio: number;
}

/** The size of an element in whole pixels, as it is and whenever it changes; `null` before it is laid out. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const look = (): void => {
      const next = { width: watched.clientWidth, height: watched.clientHeight, ratio: window.devicePixelRatio };
      setSize((held) => (held !== null && isSame(held, next) ? held : next.width > 0 ? next : held));
    };
    const observer = new ResizeObserver(look);
    observer.observe(watched);
    // Another screen or zoom may change the ratio alone.
    window.addEventListener('resize', look);
    look();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', look);
    };
  }, [element]);
  return size;
}

const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height && a.ratio === b.ratio;
