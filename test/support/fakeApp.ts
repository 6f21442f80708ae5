import { join } from 'node:path';
import type { App } from '../../src/main/app.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { FakeEngine, fakeSource } from '../api/fakeEngine.ts';

/** An app that greets every page and does nothing else. */
export const fakeApp = (dataFolder: string, onPage: () => void = () => undefined): App => ({
  dataFolder,
  logFile: join(dataFolder, 'warmwire.log'),
  api: fakeSource(new FakeEngine(systemClock), systemClock),
  followSettings: () => () => undefined,
  warn: () => undefined,
  info: () => undefined,
  serveWire: (wire) => {
    onPage();
    wire.send('hello');
    return () => undefined;
  },
  woke: () => undefined,
  stop: async () => undefined,
});
