import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** The title is for screen readers only. */
  readonly titleHidden?: boolean;
  /** What is behind stays as bright as it is: the dialog changes it under one's eyes. */
  readonly clear?: boolean;
  readonly className: string;
  readonly onClose: () => void;
  /** The dialog is gone: the focus must go somewhere. */
  readonly onClosed: () => void;
  readonly children: ReactNode;
}

/** Whatever opens over the page and answers no question: Esc and a click beside it close it. */
export function DialogFrame(props: Props) {
  const { title, titleHidden = false, clear = false, className, onClose, onClosed, children } = props;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={clear ? 'overlay clear' : 'overlay'} />
        <Dialog.Content
          className={className}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
        >
          <Dialog.Title className={titleHidden ? 'visually-hidden' : undefined}>{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What else can be done here, and Close. */
export function DialogFoot({ children }: { readonly children: ReactNode }) {
  return (
    <div className="dialog-actions">
      {children}
      <Dialog.Close className="button">Close</Dialog.Close>
    </div>
  );
}
