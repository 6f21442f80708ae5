import { memo } from 'react';
import type { Notice } from '../../../shared/notice.ts';
import { duration } from '../../format.ts';
import { useCommands } from '../../store/commands.ts';
import { useAtHostWall } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { NameWithin } from '../../ui/NameWithin.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { placeOf, stateWord, TONE, textWithoutName } from './look.ts';
import { momentText } from './NoticeControls.tsx';

/** One notice as a row: how grave, since when and for how long, where, what, and what a person can do. */
export const NoticeEntry = memo(function NoticeEntry({ notice }: { readonly notice: Notice }) {
  const { severity, openedWall, resolvedWall, acknowledged } = notice;
  const open = resolvedWall === null;
  return (
    <tr className={open && acknowledged === null ? undefined : 'over'} data-notice={notice.id}>
      <td>
        <StatusMark tone={open ? TONE[severity] : 'idle'} /> {severity}
      </td>
      <td>
        <time dateTime={new Date(openedWall).toISOString()} title={new Date(openedWall).toString()}>
          {momentText(openedWall)}
        </time>
      </td>
      <td className="num">{open ? <Since wall={openedWall} /> : duration(resolvedWall - openedWall)}</td>
      <td>{stateWord(notice)}</td>
      <td className="where ellipsis">
        <Where notice={notice} />
      </td>
      <td className="said-text" title={notice.text}>
        {textWithoutName(notice)}
      </td>
      <td className="act">
        <Acknowledge notice={notice} />
      </td>
    </tr>
  );
});

const FONT = '12px';

/** What the narrowest column of places has for a name. */
const WHERE_PX = 118;

export function Where({ notice, px = WHERE_PX }: { readonly notice: Notice; readonly px?: number }) {
  const place = placeOf(notice);
  if (place === null) return 'this machine';
  return (
    <a href={place} title={notice.name}>
      <NameWithin name={notice.name} px={px} font={FONT} />
    </a>
  );
}

/** Stays where it is when it was pressed, so that the focus does too. */
export function Acknowledge({ notice }: { readonly notice: Notice }) {
  const commands = useCommands();
  const offline = useOffline();
  if (notice.resolvedWall !== null) return null;
  const done = notice.acknowledged !== null;
  return (
    <ActionButton
      className="row-button notice-answer"
      blocked={done ? 'Acknowledged already' : offline}
      aria-label={`${done ? 'Acknowledged' : 'Acknowledge'}: ${notice.text}`}
      onClick={() => commands.acknowledgeNotice(notice.id)}
    >
      {done ? 'Acknowledged' : 'Acknowledge'}
    </ActionButton>
  );
}

/** How long an open notice has been open, on the clock of the host that raised it. */
export function Since({ wall }: { readonly wall: number }) {
  return useAtHostWall((now) => duration(now - wall));
}
