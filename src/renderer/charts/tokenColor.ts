/** The colour that a token has now, as a canvas wants it: read from an element, since tokens depend on the theme. */
export function tokenColor(element: Element, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A canvas of so many pixels of the page, sharp on this screen; its context draws in pixels of the page. */
export function sharpContext(
  canvas: HTMLCanvasElement,
  { width, height, ratio }: { readonly width: number; readonly height: number; readonly ratio: number },
): CanvasRenderingContext2D | null {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
