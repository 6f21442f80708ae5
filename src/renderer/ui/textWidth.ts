const context = document.createElement('canvas').getContext('2d');
const known = new Map<string, number>();
const KNOWN_AT_MOST = 20_000;
/** The page has one, for good: to ask for it makes the browser work out all styles. */
let family: string | null = null;

/** How wide a text is on the page in a font such as `600 13px`, px: measured once, without a layout. */
export function textWidthPx(text: string, font: string): number {
  const key = `${font} ${text}`;
  const held = known.get(key);
  if (held !== undefined || context === null) return held ?? 0;
  family ??= getComputedStyle(document.body).fontFamily;
  context.font = `${font} ${family}`;
  // The page's figures are all of one width.
  const width = context.measureText(text.replace(/\d/g, '0')).width;
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(key, width);
  return width;
}
