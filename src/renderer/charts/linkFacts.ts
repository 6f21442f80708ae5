import { useCallback, useMemo } from 'react';
import type { SkewView } from '../../shared/feedLatency.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { useEngineState } from '../store/hooks.ts';
import { commonLimits, type Limit, limitsOf } from './limits.ts';

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
const degradedOf = ({ about }: LinkView): number => about.degradedP95Ms;
const fitOf = ({ about }: LinkView): number => about.fitP99Ms;
const reconnectOf = ({ about }: LinkView): number => about.reconnectAboveP99Ms;

/** The venue's clock against ours; the same object as long as it says the same. */
export function useSkew(name: string): SkewView | null {
  const [offsetMs, errorMs] = [useNumberOf(name, offsetOf), useNumberOf(name, errorOf)];
  return useMemo(() => (offsetMs === null || errorMs === null ? null : { offsetMs, errorMs }), [offsetMs, errorMs]);
}

/** The limits that this link's rules use. */
export function useLimits(name: string): readonly Limit[] {
  const degradedP95Ms = useNumberOf(name, degradedOf);
  const fitP99Ms = useNumberOf(name, fitOf);
  const reconnectAboveP99Ms = useNumberOf(name, reconnectOf);
  return useMemo(
    () =>
      degradedP95Ms === null || fitP99Ms === null || reconnectAboveP99Ms === null
        ? []
        : limitsOf({ degradedP95Ms, fitP99Ms, reconnectAboveP99Ms }),
    [degradedP95Ms, fitP99Ms, reconnectAboveP99Ms],
  );
}

/** The limits that all of these links share; asked as one text, so that a chart is drawn anew only when one has changed. */
export function useCommonLimits(names: readonly string[]): ReturnType<typeof commonLimits> {
  const key = useEngineState(
    useCallback(
      ({ snapshot }) =>
        JSON.stringify(
          names.flatMap((name) => {
            const about = snapshot?.links[name]?.about;
            return about === undefined ? [] : [[about.fitP99Ms, about.reconnectAboveP99Ms]];
          }),
        ),
      [names],
    ),
  );
  return useMemo(() => {
    const limits: readonly (readonly [number, number])[] = JSON.parse(key);
    return commonLimits(limits.map(([fitP99Ms, reconnectAboveP99Ms]) => ({ fitP99Ms, reconnectAboveP99Ms })));
  }, [key]);
}
