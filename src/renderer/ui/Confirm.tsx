import { AlertDialog } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { giveBack } from './focus.ts';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** The word on the button that does it. */
  readonly act: string;
  readonly onAct: () => void;
  readonly onClose: () => void;
  /** Gets the focus back, whatever the answer was; the page has it where that is gone. */
  readonly opener: RefObject<HTMLElement | null>;
}

/** Asks before something that cuts: the focus is on Cancel, and Enter held down since before answers nothing. */
export function Confirm({ title, children, act, onAct, onClose, opener }: Props) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveBack(opener.current);
          }}
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
        >
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="dialog-text">{children}</div>
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Cancel className="button">Cancel</AlertDialog.Cancel>
            <AlertDialog.Action className="button danger" onClick={onAct}>
              {act}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
