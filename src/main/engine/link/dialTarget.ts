import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DialTarget } from '../ports.ts';

/** Where a link is dialled, and with what limits. */
export function dialTarget(url: string, { ca, policy }: LinkConfig): DialTarget {
  const { compression, maxFrameBytes, maxInflatedBytes, closeTimeoutMs } = policy;
  return { url, ca, compression, maxFrameBytes, maxInflatedBytes, closeTimeoutMs };
}
