import { shownTheme } from '../ui/theme.ts';
import { tokenColor } from './tokenColor.ts';

/** What became of it, in the words of the status line. */
export type Taken = 'copied' | 'saved' | 'saved instead' | 'failed';

/** Where one wants it. */
export type TakeTo = 'clipboard' | 'file';

/** Text to the clipboard, or where that is denied to a file; or to a file at once. */
export async function takeText(text: string, to: TakeTo, fileName: string): Promise<Taken> {
  const file = new Blob([text], { type: 'text/csv;charset=utf-8' });
  return take(file, () => navigator.clipboard.writeText(text), to, fileName);
}

/** What stands over a picture: of what it is and in which unit, and of when. */
export interface PictureHead {
  readonly title: string;
  readonly when: string;
}

/** A picture of an element's charts, likewise. */
export async function takePicture(
  element: HTMLElement,
  head: PictureHead,
  to: TakeTo,
  fileName: string,
): Promise<Taken> {
  const picture = await pictureOf(element, head);
  if (picture === null) return 'failed';
  return take(picture, () => navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]), to, fileName);
}

async function take(content: Blob, copy: () => Promise<void>, to: TakeTo, fileName: string): Promise<Taken> {
  if (to === 'file') {
    save(content, fileName);
    return 'saved';
  }
  try {
    await copy();
    return 'copied';
  } catch {
    save(content, fileName);
    return 'saved instead';
  }
}

function save(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads it in its own time; it is small.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const TITLE_HEIGHT = 40;

/** A part of what is pictured, and its place in the picture. */
interface Part<E extends Element> {
  readonly part: E;
  readonly place: DOMRect;
}

/** With all that scrolls in it seen at once, which is put back before the browser draws. */
function partsOf(element: HTMLElement) {
  const legend = element.querySelector('.legend');
  const scrolled = legend?.scrollTop ?? 0;
  element.classList.add('pictured');
  const box = element.getBoundingClientRect();
  const all = <E extends Element>(selector: string): readonly Part<E>[] =>
    [...element.querySelectorAll<E>(selector)].flatMap((part) => {
      const { left, top, width, height } = part.getBoundingClientRect();
      if (width === 0 || height === 0) return [];
      return [{ part, place: new DOMRect(left - box.left, top - box.top + TITLE_HEIGHT, width, height) }];
    });
  const drawn = all<SVGSVGElement | HTMLCanvasElement>('svg, canvas');
  const swatches = all<HTMLElement>('.swatch');
  const texts = all<HTMLElement>('[data-picture-text]');
  element.classList.remove('pictured');
  legend?.scrollTo(0, scrolled);
  const bottoms = [...drawn, ...swatches, ...texts].map(({ place }) => place.bottom);
  return { drawn, swatches, texts, width: box.width, height: Math.max(box.height + TITLE_HEIGHT, ...bottoms) };
}

/** What an element draws in canvases and SVG, where it draws it, as a PNG of the screen's own sharpness. */
async function pictureOf(element: HTMLElement, { title, when }: PictureHead): Promise<Blob | null> {
  const { drawn, swatches, texts, width, height } = partsOf(element);
  const ratio = Math.max(1, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.scale(ratio, ratio);
  const styles = getComputedStyle(document.documentElement);
  const probe = getComputedStyle(element);
  context.fillStyle = tokenColor(element, '--surface', shownTheme());
  context.fillRect(0, 0, width, height);
  context.fillStyle = probe.color;
  context.font = `600 12px ${styles.fontFamily}`;
  context.fillText(title, 8, 16);
  context.font = `11px ${styles.fontFamily}`;
  context.fillText(when, 8, 32);
  for (const { part, place } of drawn) {
    const image = part instanceof HTMLCanvasElement ? part : await imageOf(part, place);
    if (image !== null) context.drawImage(image, place.x, place.y, place.width, place.height);
  }
  for (const { part, place } of swatches) {
    context.fillStyle = getComputedStyle(part).backgroundColor;
    context.fillRect(place.x, place.y, place.width, place.height);
  }
  for (const { part, place } of texts) {
    const { color, fontWeight, fontSize, fontFamily } = getComputedStyle(part);
    context.fillStyle = color;
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    context.fillText(part.dataset.cut ?? part.textContent, place.x, place.y + 12);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'font-size',
  'font-family',
  'opacity',
  'paint-order',
];

/** An SVG as a picture: outside of the page it has no stylesheet, so each part takes along how it looks. */
async function imageOf(svg: SVGSVGElement, { width, height }: DOMRect): Promise<HTMLImageElement | null> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const parts = svg.querySelectorAll<SVGElement>('*');
  for (const [i, part] of [...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const original = parts[i];
    if (original === undefined) continue;
    const looks = getComputedStyle(original);
    for (const property of LOOKS) part.setAttribute(property, looks.getPropertyValue(property));
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  }
}
