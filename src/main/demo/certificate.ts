import { generate } from 'selfsigned';

export interface DemoCertificate {
  readonly key: string;
  /** Signed by itself: it is also the authority that clients must be given. */
  readonly cert: string;
}

/** Longer than any start lasts: nobody makes another one meanwhile. */
const VALID_DAYS = 3_650;
const DAY_MS = 86_400_000;

/** A new certificate for this machine's loopback address, made at every start and written nowhere. */
export async function demoCertificate(now: Date): Promise<DemoCertificate> {
  const made = await generate([{ name: 'commonName', value: 'Warmwire DEMO' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { key: made.private, cert: made.cert };
}
