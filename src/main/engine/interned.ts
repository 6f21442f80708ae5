import type { LinkConfig } from '../../shared/engineConfig.ts';

/** Presets and policies that are equal become one object: a thousand links of one venue hold one copy of it. */
export class Interned {
  #known = new Map<string, object>();

  links(links: readonly LinkConfig[]): LinkConfig[] {
    const before = this.#known;
    this.#known = new Map();
    return links.map((link) => ({
      ...link,
      preset: this.#one(link.preset, before),
      policy: this.#one(link.policy, before),
    }));
  }

  #one<T extends object>(value: T, before: ReadonlyMap<string, object>): T {
    const text = JSON.stringify(value);
    const known = this.#known.get(text) ?? before.get(text) ?? value;
    this.#known.set(text, known);
    return known as T;
  }
}
