import { networkInterfaces } from 'node:os';

/** This machine's own addresses as one text. Loopback and link-local addresses come and go without meaning anything. */
export function networkAddresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) =>
      addresses.map(({ address, internal }) => (internal ? '' : `${name} ${address}`)),
    )
    .filter((text) => text !== '' && !/ (fe80:|169\.254\.)/.test(text))
    .sort()
    .join(', ');
}
