import { z } from 'zod';
import { NOTICE_KIND_NAMES, SEVERITIES } from './noticeKind.ts';
import { key } from './settingsKey.ts';

const number = (unit: string, max: number, help: string) =>
  key(z.number().min(0).max(max).optional(), 'live', unit, help);

const ENTER = 'The notice is raised past this.';
const LEAVE = 'It resolves at this, or on the good side of it. Built in: a fifth below enter, or half a percent above.';

/** The keys of both tables: when nothing is to be heard. */
const muteKeys = {
  mute_windows: key(
    z.array(z.string().min(1)).max(100).optional(),
    'live',
    '',
    'When notices are recorded but silent: "Mon-Fri 21:00-22:30", "Sat,Sun 03:00-05:00", "daily 04:00-05:00".',
  ),
  time_zone: key(z.string().min(1).optional(), 'live', '', 'Time zone of mute_windows, such as "Europe/Berlin".'),
};

/** A `[notice.NAME]` table. A name that is built in overrides that rule; any other makes a new one. */
export const NoticeSchema = z.strictObject({
  what: key(z.enum(NOTICE_KIND_NAMES).optional(), 'live', '', 'What is watched. May be left out in a built-in rule.'),
  enabled: key(z.boolean().optional(), 'live', '', 'false turns the rule off.'),
  links: key(
    z.array(z.string().min(1)).max(1000).optional(),
    'live',
    '',
    'Which links or pools, by name, or by the venue or preset of them; all if left out.',
  ),
  enter_ms: number('ms', 600_000, ENTER),
  leave_ms: number('ms', 600_000, LEAVE),
  enter_secs: number('s', 86_400, ENTER),
  leave_secs: number('s', 86_400, LEAVE),
  enter_percent: number('%', 100, ENTER),
  leave_percent: number('%', 100, LEAVE),
  enter_mib: number('MiB', 1_000_000, ENTER),
  leave_mib: number('MiB', 1_000_000, LEAVE),
  enter_reconnects: number('reconnects', 10_000, ENTER),
  leave_reconnects: number('reconnects', 10_000, LEAVE),
  for_secs: number('s', 86_400, 'It must last this long without a break.'),
  cooldown_secs: number('s', 604_800, 'After it has resolved, it is not raised again for this long.'),
  severity: key(z.enum(SEVERITIES).optional(), 'live', '', 'info, warn or bad; only bad ones pop up.'),
  ...muteKeys,
});

/** The `[notices]` table. */
export const NoticesSchema = z.strictObject({
  ...muteKeys,
  quiet_until: key(
    z.string().refine(isMoment, 'a moment such as "2026-11-21T18:00:00Z" or "2026-11-21T18:00:00+01:00"').optional(),
    'live',
    '',
    'Until then every notice is recorded but silent.',
  ),
});

export type NoticeTable = z.infer<typeof NoticeSchema>;

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
