import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './freePort.ts';
import { mustBeClosed } from './leaks.ts';

/** Debian's `prometheus` brings `promtool` with it: `apt-get install prometheus`. */
export const hasPrometheus = (): boolean =>
  ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0);

export interface Prometheus {
  /** The `result` of an instant query. */
  query(expression: string): Promise<readonly PrometheusSample[]>;
  /** Any path of its API, as JSON. */
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ScrapeTarget {
  readonly port: number;
  readonly site: string;
}

/** Debian's own Prometheus on loopback, scraping these every second as docs/fleet.md says. */
export async function startPrometheus(targets: readonly ScrapeTarget[], token: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
  const groups = targets.map((target) => ({ targets: [`127.0.0.1:${target.port}`], labels: { site: target.site } }));
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [resolve(import.meta.dirname, '../../resources/prometheus/rules.yml')],
    scrape_configs: [
      {
        job_name: 'warmwire',
        authorization: { credentials_file: join(folder, 'token') },
        static_configs: groups,
      },
    ],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  mustBeClosed(
    'a Prometheus',
    () => child.exitCode === null && child.signalCode === null,
    () => child.kill('SIGKILL'),
  );
  let said = '';
  const ready = new Promise<void>((done, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server is ready to receive web requests')) done();
    });
    child.on('exit', () => failed(new Error(`Prometheus ended: ${said.slice(-2_000)}`)));
  });
  await ready;
  const get = async (path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  return {
    get,
    query: async (expression) => {
      const answer = (await get(`/api/v1/query?query=${encodeURIComponent(expression)}`)) as Answer;
      if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
      return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}
