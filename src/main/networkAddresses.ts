import { networkInterfaces } from 'node:os';
import { lastKnown } from './lastKnown.ts';

/** This machine's own addresses as one text, `null` before the system has told them. */
export const networkAddresses = lastKnown<string | null>(ownAddresses, null);

/** Loopback and link-local addresses come and go without meaning anything. */
function ownAddresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) =>
      addresses.map(({ address, internal }) => (internal ? '' : `${name} ${address}`)),
    )
    .filter((text) => text !== '' && !/ (fe80:|169\.254\.)/.test(text))
    .sort()
    .join(', ');
}
