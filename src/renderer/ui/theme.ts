import { useSyncExternalStore } from 'react';
import { keptHere } from './kept.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];
export type ShownTheme = Exclude<Theme, 'system'>;

const KEY = 'warmwire.theme';
const system = window.matchMedia('(prefers-color-scheme: light)');
const listeners = new Set<() => void>();
let chosen: Theme = THEMES.find((theme) => theme === keptHere.read(KEY)) ?? 'system';

export function setTheme(theme: Theme): void {
  chosen = theme;
  keptHere.keep(KEY, theme);
  show();
}

/** What was chosen, and what is shown because of it. Follows the system from the first import on. */
export function useTheme(): { readonly chosen: Theme; readonly shown: ShownTheme } {
  const key = useSyncExternalStore(subscribe, () => `${chosen}/${shownTheme()}`);
  const [theme, shown] = key.split('/') as [Theme, ShownTheme];
  return { chosen: theme, shown };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function shownTheme(): ShownTheme {
  if (chosen !== 'system') return chosen;
  return system.matches ? 'light' : 'dark';
}

function show(): void {
  document.documentElement.dataset.theme = shownTheme();
  for (const listener of listeners) listener();
}

/** Not every system says so when it changes: it is asked whenever somebody comes back to the window. */
function look(): void {
  if (document.documentElement.dataset.theme !== shownTheme()) show();
}

system.addEventListener('change', look);
window.addEventListener('focus', look);
document.addEventListener('visibilitychange', look);
show();
