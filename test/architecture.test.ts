import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Who may import whom: docs/architecture.md in a form that fails. First matching zone rules a file. */
const ROOT = resolve(import.meta.dirname, '..');

interface Zone {
  readonly files: RegExp;
  readonly own: RegExp;
  readonly packages: RegExp;
}

const NODE = /^node:/;
const ZONES: readonly Zone[] = [
  { files: /^src\/shared\/toml\//, own: /^src\/shared\//, packages: /^toml-eslint-parser$/ },
  { files: /^src\/shared\//, own: /^src\/shared\/(?!toml\/(toml|syntax|edit))/, packages: /^zod$/ },
  {
    files:
      /^src\/main\/engine\/link\/(baseline|machine|dialect|jsonField|freshness|rtt|configChange|ledger|madeWith|reliability|budget|classify|handover|judgement|ownSilence|pingRecord|rotation|routes|sequence|standing|step|stretches|sliceLog|sliceSum|packedSlices)\.ts$/,
    own: /^src\/(shared\/|main\/engine\/link\/(baseline|machine|classify|jsonField|freshness|madeWith|reliability|pingRecord|rtt|sequence|standing|step|stretches|sliceLog|sliceSum|packedSlices)\.ts)/,
    packages: /^$/,
  },
  {
    files: /^src\/main\/engine\/link\//,
    own: /^src\/(shared|main\/engine)\//,
    packages: /^(ws|node:(net|tls|http|zlib|crypto))$/,
  },
  {
    files: /^src\/main\/engine\/pool\/(idleLimit|upkeep|rest|streams)\.ts$/,
    own: /^src\/shared\//,
    packages: /^$/,
  },
  {
    files: /^src\/main\/engine\/pool\/(httpSocket|requestTrace)\.ts$/,
    own: /^src\/(shared|main\/engine)\//,
    packages: /^(undici|node:(net|tls|diagnostics_channel))$/,
  },
  { files: /^src\/main\/engine\/pool\//, own: /^src\/(shared|main\/engine)\//, packages: /^$/ },
  {
    files: /^src\/main\/engine\/worker\.ts$/,
    own: /^src\/(shared|main\/engine)\/|^src\/main\/(portWire|lastKnown|networkAddresses)\.ts$/,
    packages: /^(undici|node:(worker_threads|v8))$/,
  },
  { files: /^src\/main\/engine\/trust\.ts$/, own: /^$/, packages: /^node:tls$/ },
  { files: /^src\/main\/engine\//, own: /^src\/(shared|main\/engine)\//, packages: /^(ws|undici)$/ },
  {
    files: /^src\/main\/settings\//,
    own: /^src\/(shared|main\/settings)\/|^resources\//,
    packages: /^(zod|fastest-levenshtein|chokidar)$|^node:/,
  },
  {
    files: /^src\/main\/demo\//,
    own: /^src\/(shared|main\/demo)\/|^src\/main\/(portWire|engine\/(ports|systemClock))\.ts$/,
    packages: /^(ws|zod|selfsigned)$|^node:/,
  },
  {
    files: /^src\/main\/api\//,
    own: /^src\/(shared\/|main\/(api\/|hosts\/admission\.ts|engine\/ports\.ts))/,
    packages: /^(fastify|@fastify\/(rate-limit|swagger)|prom-client|zod|fastest-levenshtein)$|^node:crypto$/,
  },
  {
    files: /^src\/main\/notices\//,
    own: /^src\/(shared\/|main\/(notices\/|settings\/(disk|sparingFile)\.ts|engine\/ports\.ts))/,
    packages: /^(zod|node:fs\/promises)$/,
  },
  { files: /^src\/main\/log\//, own: /^src\/(shared|main\/log)\//, packages: /^(pino|rotating-file-stream)$|^node:/ },
  {
    files: /^src\/main\/(hosts\/desktop|index)\.ts$/,
    own: /^src\/(shared|main\/(hosts|app))|^package\.json$/,
    packages: /^electron$|^node:/,
  },
  {
    files: /^src\/main\/(hosts\/|app(Client|Status)?\.ts|settingsLog\.ts|dataFolder\.ts|cli\.ts)/,
    own: /^src\/(shared|main\/(hosts|api|log|notices|settings|demo|app|portWire|dataFolder|folderClaim|restartFile|wakes|engine\/(ports|systemClock)\.ts))|^package\.json$/,
    packages: /^(ws|zod|fastify)$|^node:/,
  },
  {
    files: /^src\/main\/restartFile\.ts$/,
    own: /^src\/(shared\/|main\/settings\/(disk|sparingFile)\.ts)/,
    packages: /^(zod|node:fs\/promises)$/,
  },
  {
    files: /^src\/main\/folderClaim\.ts$/,
    own: /^src\/(shared\/|main\/engine\/ports\.ts)/,
    packages: /^node:/,
  },
  {
    files: /^src\/main\/wakes\.ts$/,
    own: /^src\/main\/(networkAddresses|engine\/(systemClock|wakeWatch))\.ts$/,
    packages: /^$/,
  },
  { files: /^src\/main\/lastKnown\.ts$/, own: /^$/, packages: /^$/ },
  { files: /^src\/main\/networkAddresses\.ts$/, own: /^src\/main\/lastKnown\.ts$/, packages: NODE },
  { files: /^src\/main\/portWire\.ts$/, own: /^src\/shared\//, packages: NODE },
  { files: /^src\/preload\//, own: /^$/, packages: /^electron$/ },
  {
    files: /^src\/renderer\//,
    own: /^src\/(shared|renderer)\//,
    packages:
      /^(react|react-dom|zustand|recharts|uplot|radix-ui|cmdk|get-nonce|zod|@codemirror|@lezer|@tanstack)(\/|$)/,
  },
];

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(ROOT, file), 'utf8').matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

it('every source file lies in a zone', () => {
  expect(sources.length).toBeGreaterThan(60);
  expect(sources.filter((file) => !ZONES.some((zone) => zone.files.test(file)))).toEqual([]);
});

it.each(sources)('%s imports only what its layer may know', (file) => {
  const zone = ZONES.find((candidate) => candidate.files.test(file)) as Zone;
  const wrong = importsOf(file).filter((name) => {
    if (!name.startsWith('.')) return !zone.packages.test(name);
    return !zone.own.test(relative(ROOT, resolve(ROOT, dirname(file), name.replace(/\?raw$/, ''))));
  });
  expect(wrong).toEqual([]);
});

it.each(sources.filter((file) => file.startsWith('src/main/engine/') && !/worker|systemClock/.test(file)))(
  '%s takes time and chance from its ports, and has no console',
  (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(
      text.match(/\b(Date\.now|new Date\(|performance\.|setTimeout|setInterval|setImmediate|Math\.random|console\.)/),
    ).toBeNull();
  },
);

const MOST_LINES = 300;

it('no source file is longer than one idea needs', () => {
  const linesOf = (file: string): number => readFileSync(join(ROOT, file), 'utf8').split('\n').length;
  expect(sources.filter((file) => linesOf(file) > MOST_LINES)).toEqual([]);
});
