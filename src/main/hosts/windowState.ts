import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { inTime } from '../settings/lateAnswers.ts';

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
});
const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });

export type Rectangle = z.infer<typeof Bounds>;
export type WindowState = z.infer<typeof WindowState>;

/** The part of a title bar that must lie on a screen for the window to be caught with a mouse, px. */
const GRIP = 64;

/** The window as it was left, `null` where nobody knows, or not within `limitMs`. Never rejects. */
export const readWindowState = (file: string, limitMs: number): Promise<WindowState | null> =>
  inTime(limitMs, read(file), () => null);

async function read(file: string): Promise<WindowState | null> {
  try {
    return WindowState.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** The place, if a screen still shows it; `null` to open where the system likes. */
export const shownOn = (screens: readonly Rectangle[], left: WindowState | null): WindowState | null =>
  left !== null && screens.some((screen) => showsTitleBar(screen, left.bounds)) ? left : null;

/** Keeps the window's place. Never rejects: a full disk costs no more than the place. */
export async function keepWindowState(file: string, state: WindowState): Promise<void> {
  try {
    await writeFile(`${file}.new`, JSON.stringify(state));
    await rename(`${file}.new`, file);
  } catch {
    // The next start opens where the system likes.
  }
}

function showsTitleBar(screen: Rectangle, bounds: Rectangle): boolean {
  const overlap = Math.min(screen.x + screen.width, bounds.x + bounds.width) - Math.max(screen.x, bounds.x);
  return overlap >= GRIP && bounds.y >= screen.y && bounds.y + GRIP <= screen.y + screen.height;
}
