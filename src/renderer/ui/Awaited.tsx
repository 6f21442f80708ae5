import { useStale } from '../store/hooks.ts';

/** Where nothing has come yet: with the engine gone nothing will, until it is back. */
export function Awaited() {
  return useStale() ? 'Nothing comes from the engine now; it is shown once the engine is back.' : 'Loading…';
}
