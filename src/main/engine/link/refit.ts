import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { originOf } from '../dialGate.ts';
import type { ConfigChange } from './configChange.ts';
import type { Helm } from './helm.ts';
import { usesSocket } from './machine.ts';
import { isAsMadeBy } from './madeWith.ts';
import type { Primary } from './primary.ts';

interface RefitParts {
  readonly helm: Helm;
  readonly primary: Primary;
  /** Counts the link's sockets at its venue by the new settings. */
  readonly holdSlot: () => void;
  readonly tell: (happening: LinkHappening) => void;
}

/**
 * What a link does about new settings (row D3): it closes its socket only if that was made with something that changed. What
 * that was, the socket knows, and not the settings before: those may never have come into force. Its settings are `config` from now on.
 */
export function refit(parts: RefitParts, before: LinkConfig, config: LinkConfig, change: ConfigChange): void {
  const { helm, holdSlot, primary, tell } = parts;
  const { spares } = primary;
  const wasOpen = helm.hasOpenSocket;
  const { routes } = spares;
  const { isLeaving, current } = routes;
  const readdressed = change.changed.includes('routes');
  const wasDialled = usesSocket(helm.course.state);
  if (readdressed) routes.change(config.routes, wasOpen ? 'open' : wasDialled ? 'dialled' : 'none');
  // One that leaves its address already does so for whatever has come or gone.
  const moves = wasOpen ? routes.isLeaving !== isLeaving : routes.current !== current;
  const redial = change.redial || moves;
  const resumed = config.enabled && !before.enabled;
  if (redial || change.newAddress || resumed || change.changed.includes('standby')) spares.anew();
  holdSlot();
  if (change.changed.includes('dataTimeoutMs')) primary.sockets.forgetPatience();
  if (change.changed.includes('quietLimitMs')) primary.sockets.boundPatience();
  tell({ kind: 'settings', changed: change.keys });
  if (before.enabled !== config.enabled) {
    return config.enabled ? helm.start('resumed') : helm.step({ kind: 'pause' }, '');
  }
  const endless = wasOpen ? change.endless : [];
  for (const name of endless) tell({ kind: 'subscription', name, what: 'ends-with-socket' });
  const isAsWanted = (): boolean =>
    primary.session !== null && !routes.isLeaving && isAsMadeBy(primary.session.config, config);
  const outdated = redial || endless.length > 0;
  if (outdated) spares.outdate();
  if (isAsWanted() || (!change.redial && endless.length === 0)) {
    for (const session of primary.kept) session.retune(config, change.resubscribe, primary.sockets.staleLimitMs);
  }
  // The new settings may have ended the socket: the next is made with them.
  if (!helm.hasOpenSocket) {
    if (outdated) spares.drop();
  } else if (isAsWanted()) spares.succession.forgetSettings();
  else if (outdated) spares.replacing.want('settings');
  // The others come back with the new socket, or now, where that has to wait.
  if (outdated && spares.succession.because !== null) return;
  if (readdressed && !outdated) spares.readdressed();
  if (!wasOpen && helm.refit({ ...change, redial }, originOf(before.preset, current.dialUrl).key)) return;
  spares.plan.arm();
  spares.keep();
}
