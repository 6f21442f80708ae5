/** The key as TOML writes it: bare where that is allowed, quoted otherwise. */
export function keyText(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : stringText(name);
}

export function pathText(path: readonly string[]): string {
  return path.map(keyText).join('.');
}

/** A TOML basic string. */
export function stringText(value: string): string {
  return JSON.stringify(value).replaceAll('\u{7f}', '\\u007F');
}
