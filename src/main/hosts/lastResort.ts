import { withoutClearKeys } from '../../shared/clearKey.ts';
import { messageOf, stackOf } from '../../shared/rpc.ts';
import type { App } from '../app.ts';

/**
 * Logs an error that nobody caught. Answers the line that is said of it; where there is no log yet, all that is known.
 */
export function lastResort(app: Pick<App, 'api' | 'logFile'> | null, error: unknown): string {
  if (app === null) return `Warmwire ends by a fault of its own: ${withoutClearKeys(stackOf(error))}`;
  app.api.onBug('an error that nobody caught', error);
  const [why] = withoutClearKeys(messageOf(error)).split('\n');
  return `Warmwire ends by a fault of its own: ${why}. The log has it: ${app.logFile}`;
}
