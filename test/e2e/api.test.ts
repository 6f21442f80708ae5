import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../api/apiServer.ts';
import { freePort } from '../support/freePort.ts';
import { startHeadless } from '../support/headless.ts';
import { until } from '../support/until.ts';
import { DESKTOP, startHost } from './hosts.ts';

/** The API on both hosts of the built product. */
const statusOf = async (port: number, token: string) => {
  const { status, json } = await ask(port, '/api/links/demo-tokyo', { token });
  return [status, (json as { data: { state: string } }).data.state];
};

it('[G2] headless: API, metrics and page live on one port, each refusing strangers in its own form', async () => {
  const { port, token, folder, stop } = await startHeadless();
  await until(async () => expect(await statusOf(port, token)).toEqual([200, 'up']));
  expect((await ask(port, '/metrics', { token })).text).toContain('# TYPE connection_rtt_seconds histogram');
  expect((await ask(port, '/', { token: null })).text).toContain('<title>');
  expect((await ask(port, '/api', { token: null })).status).toBe(404);
  expect((await ask(port, '/metrics/x', { token: null })).status).toBe(404);
  const strange = { token, headers: { host: 'evil.example' } };
  expect(await ask(port, '/api/gate', strange)).toMatchObject({
    status: 403,
    json: { error: { code: 'foreign-host' } },
  });
  expect(await ask(port, '/metrics', strange)).toMatchObject({ status: 403 });
  expect(await ask(port, '/', strange)).toMatchObject({ status: 403, json: null });
  const log = readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8');
  expect(log).not.toContain(token);
  await stop();
});

it('[G2] desktop: nothing listens until [api] says so; then the same routes, with a token that stands in one file', async () => {
  const port = await freePort();
  const host = await startHost(DESKTOP, { env: { WARMWIRE_TOKEN: '' } });
  await expect(ask(port, '/api/gate')).rejects.toThrow(/ECONNREFUSED/);
  const text = await until(() => readFileSync(host.settingsFile, 'utf8'));
  const change = (to: string) => writeFileSync(host.settingsFile, text.replace(/\[api\]\n.*\n.*\n/, `[api]\n${to}\n`));

  change(`enabled = true\nport = ${port}`);
  const file = join(host.dataFolder, 'api-token');
  const token = await until(() => {
    const text = readFileSync(file, 'utf8').trim();
    expect(text.length).toBe(64);
    return text;
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await until(async () => expect(await statusOf(port, token)).toEqual([200, 'up']));
  expect((await ask(port, '/api/gate', { token: null })).status).toBe(401);

  // Neither the page nor the log nor the settings have it.
  expect(await host.page.content()).not.toContain(token);
  const holders = readdirSync(host.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(token))
    .map(({ name }) => name);
  expect(holders).toEqual(['api-token']);
  expect(readFileSync(host.settingsFile, 'utf8')).not.toContain(token);

  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const taken = (busy.address() as AddressInfo).port;
  change(`enabled = true\nport = ${taken}`);
  await until(async () =>
    expect(await host.page.getByText(`port ${taken} is in use by another program`).count()).toBe(1),
  );
  await expect(ask(port, '/api/gate', { token })).rejects.toThrow(/ECONNREFUSED/);
  busy.close();
  change('enabled = false');
  await until(async () => expect(await host.page.getByText('is in use by another program').count()).toBe(0));
  await host.stop();
});
