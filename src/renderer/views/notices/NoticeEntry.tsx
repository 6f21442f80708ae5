import { memo } from 'react';
import type { Notice } from '../../../shared/notice.ts';
import { duration } from '../../format.ts';
import { useCommands } from '../../store/commands.ts';
import { useAtHostWall } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { NameWithin } from '../../ui/NameWithin.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import type { Alike } from './alike.ts';
import { placeOf, stateWord, TONE, textWithoutName } from './look.ts';
import { momentText } from './NoticeControls.tsx';

/** One notice, or several alike, as a row: how grave, where, what, what a person can do, since when and for how long. */
export const NoticeEntry = memo(
  function NoticeEntry({ alike }: { readonly alike: Alike }) {
    const [first] = alike;
    const { severity, openedWall, resolvedWall, acknowledged } = first;
    const open = resolvedWall === null;
    return (
      <tr className={open && acknowledged === null ? undefined : 'over'}>
        <td>
          <StatusMark tone={open ? TONE[severity] : 'idle'} /> {severity}
        </td>
        <td className="where ellipsis">{alike.length === 1 ? <Where notice={first} /> : <Places alike={alike} />}</td>
        <td className="said-text" title={alike.length === 1 ? first.text : undefined}>
          {textWithoutName(first)}
        </td>
        <td className="act">
          <Acknowledge alike={alike} />
        </td>
        <td>
          <time dateTime={new Date(openedWall).toISOString()} title={new Date(openedWall).toString()}>
            {momentText(openedWall)}
          </time>
        </td>
        <td className="num">{open ? <Since wall={openedWall} /> : duration(resolvedWall - openedWall)}</td>
        <td>{stateWord(first)}</td>
        <td title={first.rule}>
          <bdi>{first.rule}</bdi>
        </td>
      </tr>
    );
  },
  (before, after) =>
    before.alike.length === after.alike.length && before.alike.every((notice, at) => notice === after.alike[at]),
);

function Places({ alike }: { readonly alike: Alike }) {
  return (
    <details className="places">
      <summary>
        {alike.length} {alike[0].of}
      </summary>
      <ul>
        {alike.map((notice) => (
          <li key={notice.id}>
            <Where notice={notice} />
          </li>
        ))}
      </ul>
    </details>
  );
}

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
export function Acknowledge({ alike }: { readonly alike: Alike }) {
  const commands = useCommands();
  const offline = useOffline();
  const [first] = alike;
  if (first.resolvedWall !== null) return null;
  const done = first.acknowledged !== null;
  const what = alike.length === 1 ? first.text : `${alike.length} ${first.of}: ${textWithoutName(first)}`;
  return (
    <ActionButton
      className="button small notice-answer"
      blocked={done ? 'Acknowledged already' : offline}
      aria-label={`${done ? 'Acknowledged' : 'Acknowledge'}: ${what}`}
      onClick={() => {
        for (const { id } of alike) commands.acknowledgeNotice(id);
      }}
    >
      {done ? 'Acknowledged' : 'Acknowledge'}
    </ActionButton>
  );
}

/** How long an open notice has been open, on the clock of the host that raised it. */
export function Since({ wall }: { readonly wall: number }) {
  return useAtHostWall((now) => duration(now - wall));
}
