import { Dialog } from 'radix-ui';

const KEYS: readonly (readonly [string, string])[] = [
  ['1  or  g o', 'Overview'],
  ['2  or  g s', 'Settings'],
  ['3  or  g h', 'HTTP pools'],
  ['4  or  g d', 'Fire drills'],
  ['↑ ↓ Home End', 'Move between links, or between pools'],
  ['Enter', 'Open the link’s page'],
  ['Esc', 'Back to the overview; in the settings text: leave it first'],
  ['r', 'Reconnect gracefully: the new socket first'],
  ['Shift r', 'Reconnect hard: cut at once'],
  ['p', 'Pause or resume'],
  ['w', 'Warm the pool now'],
  ['Ctrl/⌘ s', 'Apply the settings text'],
  ['Ctrl/⌘ f', 'Search in the settings text'],
  ['F8', 'Next problem in the settings text'],
  ['?', 'This list'],
];

interface Props {
  readonly onClose: () => void;
  /** The dialog is gone: the focus must go somewhere. */
  readonly onClosed: () => void;
}

export default function ShortcutsDialog({ onClose, onClosed }: Props) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className="dialog"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
        >
          <Dialog.Title>Keyboard shortcuts</Dialog.Title>
          <dl className="keys">
            {KEYS.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Close className="button">Close</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
