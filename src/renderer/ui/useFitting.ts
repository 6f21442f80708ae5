import { type RefObject, useEffect, useState } from 'react';

/**
 * How many of an element's children of this class lie wholly within it; the others are wrapped out of sight. The browser
 * tells it after its own layout, so that none is forced. `which` names the children: others are watched anew.
 */
export function useFitting(element: RefObject<HTMLElement | null>, childClass: string, which: string): number {
  const [fitting, setFitting] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other children are there to be watched
  useEffect(() => {
    const root = element.current;
    if (root === null) return;
    const whole = new Set<Element>();
    const look = (entries: readonly IntersectionObserverEntry[]): void => {
      for (const { target, intersectionRatio } of entries) {
        if (intersectionRatio >= WHOLE) whole.add(target);
        else whole.delete(target);
      }
      setFitting(whole.size);
    };
    const observer = new IntersectionObserver(look, { root, threshold: WHOLE });
    for (const child of root.getElementsByClassName(childClass)) observer.observe(child);
    return () => observer.disconnect();
  }, [element, childClass, which]);
  return fitting;
}

/** Short of all of it by a fraction of a pixel. */
const WHOLE = 0.98;
