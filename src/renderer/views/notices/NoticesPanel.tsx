import type { Notice } from '../../../shared/notice.ts';
import type { NoticesState } from '../../store/notices.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { stateWord, TONE, textWithoutName } from './look.ts';
import { momentText, NoticeControls } from './NoticeControls.tsx';
import { Acknowledge, Since, Where } from './NoticeEntry.tsx';
import { FILTERS, useFilter } from './useFilter.ts';

const RECENT = 20;

/** What hangs under the bell: the open notices, then the last that are over. */
export default function NoticesPanel({ held }: { readonly held: NoticesState }) {
  const { filter, setFilter, open, over } = useFilter(held.notices);
  return (
    <div className="notices-panel">
      <div className="panel-top">
        <h2>Notices</h2>
        <Segmented label="Severity" options={FILTERS} value={filter} onChange={setFilter} />
        <a href="#/notices">All notices and rules</a>
      </div>
      <NoticeControls held={held} />
      <ScrollBox className="panel-scroll" aria-label="Notices, open ones first">
        <h3>Open</h3>
        {open.length === 0 ? <p className="dim">Nothing is open.</p> : <Entries notices={open} />}
        <h3>Recent</h3>
        {over.length === 0 ? <p className="dim">Nothing yet.</p> : <Entries notices={over.slice(0, RECENT)} />}
      </ScrollBox>
    </div>
  );
}

function Entries({ notices }: { readonly notices: readonly Notice[] }) {
  return (
    <ul>
      {notices.map((notice) => (
        <li
          key={notice.id}
          className={notice.resolvedWall === null && notice.acknowledged === null ? undefined : 'over'}
        >
          <StatusMark tone={notice.resolvedWall === null ? TONE[notice.severity] : 'idle'} />
          <div>
            <strong>
              <Where notice={notice} />
            </strong>{' '}
            {textWithoutName(notice)}
            <p className="dim">
              {notice.severity} · {momentText(notice.openedWall)}
              {notice.resolvedWall === null && (
                <>
                  {' '}
                  · <Since wall={notice.openedWall} />
                </>
              )}{' '}
              · {stateWord(notice)}
            </p>
          </div>
          <Acknowledge alike={[notice]} />
        </li>
      ))}
    </ul>
  );
}
