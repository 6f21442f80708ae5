/// <reference types="vite/client" />
import { type Preset, PresetSchema } from '../../shared/preset.ts';
import { readSyntax } from '../../shared/toml/syntax.ts';
import type { TomlNode } from '../../shared/toml/toml.ts';

const files = import.meta.glob<string>('../../../resources/presets/*.toml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The presets in `resources/presets`, by file name without `.toml`. Throws when one of them is wrong: that is a bug. */
export function builtInPresets(): ReadonlyMap<string, Preset> {
  const named = Object.entries(files).map(([path, text]): [string, Preset] => {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.toml'.length);
    return [name, parsePreset(name, text)];
  });
  return new Map(named);
}

/** Throws with the preset's name and everything that is wrong with it. */
export function parsePreset(name: string, text: string): Preset {
  const { root, problems } = readSyntax(text);
  const fault = problems[0];
  if (root === null || fault !== undefined) {
    throw new Error(`preset ${name}, line ${fault?.line}: ${fault?.message}`);
  }
  const checked = PresetSchema.safeParse(plainValue(root));
  if (checked.success) return checked.data;
  const issues = checked.error.issues.map((issue) => `${issue.path.join('.') || 'its keys'}: ${issue.message}`);
  throw new Error(`preset ${name}: ${issues.join('; ')}`);
}

function plainValue(node: TomlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries.values()].map((entry) => [entry.name, plainValue(entry.node)]));
}
