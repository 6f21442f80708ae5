import { useCallback, useMemo } from 'react';
import type { LinkView, SkewView } from '../../shared/snapshot.ts';
import { useEngineState } from '../store/hooks.ts';
import { type Limit, limitsOf } from './limits.ts';

/** One number of a link: a chart must not be drawn anew whenever anything else of the link changes. */
function useNumberOf(name: string, read: (link: LinkView) => number | undefined): number | null {
  return useEngineState(
    useCallback(
      (state) => {
        const link = state.snapshot?.links[name];
        return (link === undefined ? undefined : read(link)) ?? null;
      },
      [name, read],
    ),
  );
}

const offsetOf = ({ skew }: LinkView): number | undefined => skew?.offsetMs;
const errorOf = ({ skew }: LinkView): number | undefined => skew?.errorMs;
const fitOf = ({ about }: LinkView): number => about.fitP99Ms;
const reconnectOf = ({ about }: LinkView): number => about.reconnectAboveP99Ms;

/** The venue's clock against ours; the same object as long as it says the same. */
export function useSkew(name: string): SkewView | null {
  const [offsetMs, errorMs] = [useNumberOf(name, offsetOf), useNumberOf(name, errorOf)];
  return useMemo(() => (offsetMs === null || errorMs === null ? null : { offsetMs, errorMs }), [offsetMs, errorMs]);
}

/** The limits that this link's rules use. */
export function useLimits(name: string): readonly Limit[] {
  const [fitP99Ms, reconnectAboveP99Ms] = [useNumberOf(name, fitOf), useNumberOf(name, reconnectOf)];
  return useMemo(
    () => (fitP99Ms === null || reconnectAboveP99Ms === null ? [] : limitsOf({ fitP99Ms, reconnectAboveP99Ms }, 'all')),
    [fitP99Ms, reconnectAboveP99Ms],
  );
}
