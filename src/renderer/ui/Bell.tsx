import { Popover } from 'radix-ui';
import { Suspense, useEffect, useRef, useState } from 'react';
import { worstSeverity } from '../../shared/notice.ts';
import { plural } from '../format.ts';
import { selectNotices } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { type NoticesState, standingOf } from '../store/notices.ts';
import { TONE } from '../views/notices/look.ts';
import { useQuietText } from '../views/notices/NoticeControls.tsx';
import { Fence } from './Fence.tsx';
import { giveBack } from './focus.ts';
import { BellIcon } from './icons.tsx';
import { later } from './later.ts';
import { StatusMark } from './StatusMark.tsx';
import { onSignal } from './signals.ts';

const NoticesPanel = later(() => import('../views/notices/NoticesPanel.tsx'));

/** How many notices call and how grave the worst is; opens the panel under it (`n`). */
export function Bell() {
  const held = useEngineState(selectNotices);
  return held === null ? null : <Ringing held={held} />;
}

function Ringing({ held }: { readonly held: NoticesState }) {
  const [open, setOpen] = useState(false);
  const opener = useRef<Element | null>(null);
  const quiet = useQuietText(held);
  const { calling } = standingOf(held.notices);
  const worst = worstSeverity(calling);
  const show = (wanted: boolean): void => {
    if (wanted) opener.current = document.activeElement;
    setOpen(wanted);
  };
  const toggle = useRef(() => show(!open));
  toggle.current = () => show(!open);
  useEffect(() => onSignal('notices', () => toggle.current()), []);
  const said = worst === null ? 'none open' : `${plural(calling.length, 'open', 'open')}, worst ${worst}`;
  return (
    <Popover.Root open={open} onOpenChange={show}>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={quiet === '' ? 'quiet bell' : 'quiet bell silent'}
          aria-label={`Notices: ${said}${quiet === '' ? '' : `, ${quiet}`}`}
          title={`Notices (n): ${said}${quiet === '' ? '' : `\n${quiet}`}`}
        >
          <BellIcon silent={quiet !== ''} />
          <span className="bell-count">
            {worst !== null && (
              <>
                <StatusMark tone={TONE[worst]} />
                <b>{calling.length > 99 ? '99+' : calling.length}</b>
              </>
            )}
          </span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Notices"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // After a link in the panel the page that it leads to has the focus already.
            if (document.activeElement === null || document.activeElement === document.body) giveBack(opener.current);
          }}
        >
          <Fence what="The list of notices">
            <Suspense fallback={<p className="dim">Loading…</p>}>
              <NoticesPanel held={held} />
            </Suspense>
          </Fence>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
