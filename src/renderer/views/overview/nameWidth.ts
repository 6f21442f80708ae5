/** As `table.css` has a name's text, and what stands beside it in its cell, px. */
const FONT = '600 13px';
const BESIDE_PX = 28;

/** How wide the column of names is when all of them are seen whole, px. */
export function nameWidthPx(names: readonly string[]): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 0;
  context.font = `${FONT} ${getComputedStyle(document.body).fontFamily}`;
  const widest = names.reduce((most, name) => Math.max(most, context.measureText(name).width), 0);
  return Math.ceil(widest) + BESIDE_PX;
}
