import { isOpenNotice, type Notice } from '../../../shared/notice.ts';
import { kindOf } from '../../../shared/noticeKind.ts';
import type { NoticeRule } from '../../../shared/noticeRule.ts';
import { type Threshold, thresholdText } from '../../../shared/noticeThreshold.ts';
import { count, NOTHING } from '../../format.ts';
import { tableHash } from '../../route.ts';
import { useAtHostWall } from '../../store/hooks.ts';
import { isMuted, type NoticesState } from '../../store/notices.ts';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { TONE } from './look.ts';

const COLUMNS: readonly GridColumn[] = [
  { key: 'name', head: 'Rule', title: 'Its name: [notice.NAME] in the settings' },
  { key: 'what', head: 'Watches', title: 'What it looks at, and where' },
  { key: 'enter', head: 'Raised', title: 'Past this a notice is raised', numeric: true },
  { key: 'leave', head: 'Resolved', title: 'At this, or on the good side of it, the notice resolves', numeric: true },
  { key: 'for', head: 'For', unit: 's', title: 'It must last this long without a break', numeric: true },
  {
    key: 'rest',
    head: 'Cooldown',
    unit: 's',
    title: 'After it has resolved, the rule rests for this long',
    numeric: true,
  },
  { key: 'severity', head: 'Severity', title: 'Only bad ones pop up' },
  { key: 'now', head: 'Now', title: 'What the rule says at this moment' },
  { key: 'source', head: 'Defined', title: 'Where its values come from' },
];

/** The rules in force, and where each can be changed. */
export function RuleTable({ held }: { readonly held: NoticesState }) {
  return (
    <table className="grid-table rules" aria-label="Rules in force">
      <GridHead columns={COLUMNS} prefix="rcol" />
      <tbody>
        {held.rules.rules.map((rule) => (
          <RuleRow key={rule.name} rule={rule} notices={held.notices} />
        ))}
      </tbody>
    </table>
  );
}

function RuleRow({ rule, notices }: { readonly rule: NoticeRule; readonly notices: readonly Notice[] }) {
  const { threshold, only, mute } = rule;
  const muted = useAtHostWall((now) => isMuted(mute, now));
  const act = rule.source === 'settings' ? 'edit' : 'override';
  return (
    <tr className={rule.enabled ? undefined : 'over'}>
      <th scope="row">
        <bdi>{rule.name}</bdi>
      </th>
      <td className="ellipsis" title={scopeText(rule)}>
        {kindOf(rule.what).words}
        <span className="dim"> · {scopeText(rule)}</span>
      </td>
      <td className="num">{threshold === null ? NOTHING : enterText(threshold)}</td>
      <td className="num">{threshold === null ? NOTHING : leaveText(threshold)}</td>
      <td className="num">{count(rule.forMs / 1000)}</td>
      <td className="num">{count(rule.cooldownMs / 1000)}</td>
      <td>
        <StatusMark tone={TONE[rule.severity]} /> {rule.severity}
      </td>
      <td title={mute.texts.length === 0 ? undefined : `mute_windows: ${mute.texts.join(', ')} (${mute.timeZone})`}>
        {stateText(rule, notices, muted)}
      </td>
      <td>
        {rule.source}{' '}
        <a href={tableHash({ table: ['notice', rule.name], key: null })} aria-label={`${act} the rule ${rule.name}`}>
          {act}
        </a>
        {only !== null && only.length === 0 && <span className="dim"> · watches nothing</span>}
      </td>
    </tr>
  );
}

function scopeText({ what, only }: NoticeRule): string {
  const { of } = kindOf(what);
  if (of === 'this machine') return of;
  return only === null ? `all ${of}` : only.join(', ');
}

function enterText({ enter, unit, side }: Threshold): string {
  return enter === null ? `${side} the link’s own` : `${side} ${thresholdText(enter, unit)}`;
}

const leaveText = ({ leave, unit }: Threshold): string =>
  leave === null ? 'the link’s own' : thresholdText(leave, unit);

function stateText(rule: NoticeRule, notices: readonly Notice[], isMutedNow: boolean): string {
  if (!rule.enabled) return 'off';
  const open = notices.filter((notice) => isOpenNotice(notice) && notice.rule === rule.name).length;
  const muted = isMutedNow ? ', muted' : '';
  return `${open === 0 ? 'nothing' : `${open} open`}${muted}`;
}
