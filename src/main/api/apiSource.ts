import type { EngineClient } from '../../shared/contract.ts';
import type { EngineMirror } from './mirror.ts';

/** Everything that the API is made from: what the engine last said, and the few things that it can be asked to do. */
export interface ApiSource {
  readonly version: string;
  readonly mirror: EngineMirror;
  readonly engine: Pick<EngineClient, 'reconnectLink' | 'destroyPool' | 'scrape'>;
  /** For how long a link must have been fit before its gate opens, ms. */
  readonly gateReopenMs: () => number;
  /** A fault of Warmwire's own, for the log. */
  readonly onBug: (where: string, error: unknown) => void;
}
