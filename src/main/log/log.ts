import { join } from 'node:path';
import pino from 'pino';
import { eventText, type LinkEvent, whyText } from '../../shared/events.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { openLogFile } from './logFile.ts';
import { statisticsOf } from './statistics.ts';

type Level = NonNullable<NonNullable<Settings['log']>['level']>;

export interface Log {
  readonly file: string;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  events(events: readonly LinkEvent[]): void;
  /** One line a link with the figures of the last minute, unless switched off. */
  statistics(snapshot: Snapshot): void;
  setLevel(level: Level): void;
  setStatistics(on: boolean): void;
  close(): Promise<void>;
}

/**
 * Row S4: JSON lines with UTC and monotonic time in `folder`, and on `echo` too (stderr in the headless host). A log that
 * cannot be written is told through `onTrouble` and stops nothing.
 */
export function openLog(
  folder: string,
  echo: ((line: string) => void) | null,
  onTrouble: (message: string | null) => void,
): Log {
  const file = openLogFile(folder, (message) => {
    onTrouble(message);
    // The echo has it at least.
    if (message !== null) logger.error(message);
  });
  const write = (line: string): void => {
    file.write(line);
    echo?.(line);
  };
  const logger = pino(
    {
      level: 'info',
      base: null,
      timestamp: () => `,"utc":"${new Date().toISOString()}","mono_ms":${Math.round(performance.now())}`,
      formatters: { level: (level) => ({ level }) },
    },
    { write },
  );
  let statisticsOn = true;
  return {
    file: join(folder, 'warmwire.log'),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    events: (events) => {
      for (const { link, generation, at, happening } of events) {
        const fields = { link, generation, event: happening.kind, at_mono_ms: Math.round(at), ...reasonOf(happening) };
        logger[levelOf(happening)](fields, eventText(happening));
      }
    },
    statistics: (snapshot) => {
      if (!statisticsOn) return;
      for (const name of snapshot.order) {
        const view = snapshot.links[name];
        if (view === undefined || view.state.kind === 'paused') continue;
        logger.info(
          { link: name, event: 'statistics', ...statisticsOf(view, snapshot.at) },
          'RTT of the last minute, counts since start',
        );
      }
    },
    setLevel: (level) => {
      logger.level = level;
    },
    setStatistics: (on) => {
      statisticsOn = on;
    },
    close: () => file.close(),
  };
}

function levelOf(happening: LinkEvent['happening']): Level {
  switch (happening.kind) {
    case 'socket-ended':
    case 'replacement-failed':
    case 'foreign-pong':
    case 'pong-missed':
    case 'still-failed':
    case 'reliability':
      return 'warn';
    case 'subscription':
      return happening.what === 'acked' ? 'debug' : 'warn';
    case 'state':
      return happening.to.kind === 'failed' || happening.to.kind === 'blocked' ? 'warn' : 'info';
    default:
      return 'info';
  }
}

function reasonOf(happening: LinkEvent['happening']): object {
  if ('reason' in happening) return { reason: happening.reason };
  if (happening.kind !== 'state') return {};
  const { to } = happening;
  return { reason: 'reason' in to ? to.reason : { kind: 'step', what: whyText(happening) } };
}
