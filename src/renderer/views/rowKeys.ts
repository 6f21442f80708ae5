const PAGE = 10;

const STEPS: Readonly<Record<string, (at: number, length: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE,
  PageUp: (at) => at - PAGE,
  Home: () => 0,
  End: (_, length) => length - 1,
};

/** The row that a key leads to from `name`, held inside the table; `null` when the key moves nothing. */
export function nextRow(key: string, names: readonly string[], name: string): string | null {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step === undefined) return null;
  const at = step(names.indexOf(name), names.length);
  return names[Math.max(0, Math.min(names.length - 1, at))] ?? null;
}
