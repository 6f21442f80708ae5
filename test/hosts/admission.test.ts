import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { isOwnHost, isOwnOrigin } from '../../src/main/hosts/admission.ts';

const asking = (host: string, origin: string) => ({ headers: { host, origin } }) as IncomingMessage;

it.each(['127.0.0.1', 'localhost', '[::1]'])(
  '[G4] on port 80 a client leaves the port out of %s: its own server knows it, on no other port',
  (name) => {
    const without = asking(name, `http://${name}`);
    expect([isOwnHost(without, 80), isOwnOrigin(without, 80)]).toEqual([true, true]);
    const named = asking(`${name}:80`, `http://${name}:80`);
    expect([isOwnHost(named, 80), isOwnOrigin(named, 80)]).toEqual([true, true]);
    expect([isOwnHost(without, 3456), isOwnOrigin(without, 3456)]).toEqual([false, false]);
    const foreign = asking('evil.example', `https://${name}`);
    expect([isOwnHost(foreign, 80), isOwnOrigin(foreign, 80)]).toEqual([false, false]);
  },
);
