import { Dialog } from 'radix-ui';
import { ACTION_NAMES, entryOf, keysText } from './actionTable.ts';
import { signal } from './signals.ts';

interface Props {
  readonly onClose: () => void;
  /** The dialog is gone: the focus must go somewhere. */
  readonly onClosed: () => void;
}

const PLACES = [...new Set(ACTION_NAMES.map((name) => entryOf(name).where))];

export default function ShortcutsDialog({ onClose, onClosed }: Props) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className="dialog keys-dialog"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
        >
          <Dialog.Title>Keyboard shortcuts</Dialog.Title>
          <div className="keys-columns">
            {PLACES.map((place) => (
              <section key={place} aria-label={place}>
                <h3 className="keys-where">{place}</h3>
                <dl className="keys">
                  {ACTION_NAMES.filter((name) => entryOf(name).where === place).map((name) => (
                    <div key={name}>
                      <dt>
                        <kbd>{keysText(name)}</kbd>
                      </dt>
                      <dd>{entryOf(name).title}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <div className="dialog-actions">
            <button
              type="button"
              className="button"
              onClick={() => {
                onClose();
                signal('tour');
              }}
            >
              Show the tour
            </button>
            <Dialog.Close className="button">Close</Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
