import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { DialGate } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import type { Slots } from '../slots.ts';
import type { Session } from './session.ts';
import type { Sockets } from './sockets.ts';

/** What the spares of a link are made with. */
export interface SparesParts {
  readonly host: SparesHost;
  /** The link, by which its place at the venue is counted. */
  readonly owner: object;
  readonly clock: Clock;
  readonly gate: DialGate;
  readonly slots: Slots;
  readonly random: () => number;
}

/** What the spares ask of their link. */
export interface SparesHost {
  config(): LinkConfig;
  /** True in the state `up`: only then are spares built. */
  isUp(): boolean;
  /** The socket in use. */
  readonly session: Session | null;
  /** Opens one when its dial has passed the gate. */
  readonly sockets: Pick<Sockets, 'open' | 'openScout' | 'slowDown'>;
  /** The venue allows one socket: close, wait for the slot, dial. */
  yield(because: DownReason): void;
  tell(happening: LinkHappening, generation?: number): void;
  /** What can be read of the link is another. */
  changed(): void;
}
