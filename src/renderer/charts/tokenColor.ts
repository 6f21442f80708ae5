import type { ShownTheme } from '../ui/theme.ts';

/** Colours by theme and token: to ask for one makes the browser work out all styles. */
const known = new Map<string, string>();

/** The colour that a token has in the theme that is shown, as a canvas wants it: read from an element. */
export function tokenColor(element: Element, token: string, theme: ShownTheme): string {
  const key = `${theme} ${token}`;
  const held = known.get(key);
  if (held !== undefined) return held;
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(key, color);
  return color;
}

/** An empty canvas of so many pixels of the page, sharp on this screen; its context draws in pixels of the page. */
export function sharpContext(
  canvas: HTMLCanvasElement,
  { width, height, ratio }: { readonly width: number; readonly height: number; readonly ratio: number },
): CanvasRenderingContext2D | null {
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  // A canvas that is given a size is laid out anew, even if it had that size.
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
