import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { type App, startApp } from './app.ts';
import { newToken, tokenTrouble } from './hosts/apiToken.ts';
import { CannotStart } from './hosts/cannotStart.ts';
import { lineEcho, patientOutput } from './hosts/echo.ts';
import { endPolitely, endWithin } from './hosts/ending.ts';
import { startHeadless } from './hosts/headless.ts';
import { lastResort } from './hosts/lastResort.ts';
import { openBrowser } from './hosts/openBrowser.ts';
import { goAfterTheEngine } from './hosts/priority.ts';
import { widenThreadPool } from './hosts/threadPool.ts';

const DEFAULT_PORT = 3456;
/** For a start that is asked to end: one that waits for a disk that hangs never gets there. */
const START_GRACE_MS = 5_000;
const USAGE = 'usage: npm start -- [--headless] [--port N] [--config FILE] [--no-open]';

/** The headless entry: the engine beside the venue, its page in a browser. One line on stdout, the log on stderr. */
async function main(): Promise<void> {
  widenThreadPool(process.env);
  const [out, err] = [process.stdout, process.stderr].map(patientOutput) as [Writable, Writable];
  // Whoever reads our output may go away (`| head`); the links stay, and the log file has every line.
  for (const output of [process.stdout, process.stderr, out, err]) output.on('error', () => undefined);
  const args = readArgs();
  const token = readToken();
  const pageFolder = fileURLToPath(new URL('../renderer', import.meta.url));
  const host = await startHeadless({ port: args.port, token, pageFolder });
  if (!host.ok) quit(`Warmwire cannot start: ${host.problem.message}; ${host.problem.hint}.`, 1);
  const starting = startApp({
    host: 'headless',
    version,
    configArg: args.config,
    env: process.env,
    echoLog: lineEcho(err),
    engineEntry: new URL('./engineWorker.js', import.meta.url),
    demoEntry: new URL('./demoWorker.js', import.meta.url),
  });
  let started: App | null = null;
  const isEnding = endPolitely({
    stop: async () => {
      await host.value.stop();
      const stuck = `the start has not come to its end within ${START_GRACE_MS / 1000} s: a disk does not answer`;
      await (await endWithin(START_GRACE_MS, stuck, starting)).stop();
    },
    complain: (message) => err.write(`${message}\n`),
    sentenceOf: (error) => lastResort(started, error),
  });
  const app = await starting.catch((error: unknown) => {
    if (error instanceof CannotStart) quit(`Warmwire cannot start: ${error.message}.`, 1);
    throw error;
  });
  started = app;
  if (!isEnding()) await host.value.serve(app);
  // Its server is gone: there is no address to print or to open.
  if (isEnding()) return;
  goAfterTheEngine();
  const address = `http://127.0.0.1:${host.value.port}/#token=${encodeURIComponent(token)}`;
  out.write(`Warmwire: ${address}\n`);
  if (args.open) openBrowser(host.value.openingAddress, process.platform, process.env);
}

function readArgs(): { port: number; config: string | null; open: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean' },
        port: { type: 'string' },
        config: { type: 'string' },
        'no-open': { type: 'boolean' },
      },
    });
    const { port: given = `${DEFAULT_PORT}` } = values;
    const port = Number(given);
    // That of an empty text is 0.
    if (!/^\d+$/.test(given) || port > 65_535) {
      quit(`--port ${given} is not a port: give a whole number from 0 (any free port) to 65535.\n${USAGE}`, 2);
    }
    if (values.config === '') quit(`--config names no file: give its path, or leave it out.\n${USAGE}`, 2);
    return { port, config: values.config ?? null, open: values['no-open'] !== true };
  } catch (error) {
    return quit(`${(error as Error).message}\n${USAGE}`, 2);
  }
}

function readToken(): string {
  const given = process.env.WARMWIRE_TOKEN;
  if (!given) return newToken();
  const trouble = tokenTrouble(given);
  return trouble === null ? given : quit(`${trouble}.`, 2);
}

function quit(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

await main();
