import type { DownReason } from '../../../shared/linkState.ts';
import type { Socket } from '../ports.ts';

/** The end of a socket that lacks a credential: it stops the link until a person has seen to it (row L10). */
export function noCredential(name: string): DownReason {
  const text = `there is no credential called ${name}: set it in the environment of Warmwire`;
  return { kind: 'no-credential', text };
}

/** The same for one that is there, and with which nothing can be signed. */
export function noPrivateKey(name: string): DownReason {
  const text = `the credential called ${name} is no private key: give an RSA key in PEM, with its BEGIN and END lines`;
  return { kind: 'no-credential', text };
}

const nothing = (): void => undefined;
/** Stands in for a socket that could not be dialled for want of it. */
export const NO_SOCKET: Socket = {
  sendText: nothing,
  sendPing: nothing,
  close: nothing,
  cut: nothing,
  traffic: () => ({ bytesIn: 0, bytesOut: 0 }),
};
