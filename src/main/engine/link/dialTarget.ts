import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DialTarget } from '../ports.ts';

/** Where a link is dialled, and with what limits. */
export function dialTarget(url: string, headers: DialTarget['headers'], { ca, policy }: LinkConfig): DialTarget {
  const { compression, maxFrameBytes, maxInflatedBytes, closeTimeoutMs } = policy;
  return { url, headers, ca, compression, maxFrameBytes, maxInflatedBytes, closeTimeoutMs };
}
