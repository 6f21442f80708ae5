import { afterEach, beforeEach } from 'vitest';
import type { ApiSource } from '../../src/main/api/apiSource.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { type ApiServer, serveApi } from './apiServer.ts';
import { FakeEngine, fakeSource } from './fakeEngine.ts';

/** The real API over a fake engine. New for each test. */
export let clock: FakeClock;
export let engine: FakeEngine;
export let source: ApiSource;
export let server: ApiServer;

/** Call once at the top of a file. `heard`: the API follows the engine from the start. */
export function serveFakeEngine({ heard = true }: { readonly heard?: boolean } = {}): void {
  beforeEach(async () => {
    clock = new FakeClock();
    engine = new FakeEngine(clock);
    source = fakeSource(engine, clock);
    if (heard) source.mirror.follow(engine);
    server = await serveApi({ clock, source });
  });
  afterEach(() => server.close());
}
