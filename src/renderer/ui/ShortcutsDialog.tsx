import { ACTION_NAMES, entryOf, keysText } from './actionTable.ts';
import { DialogFoot, DialogFrame } from './DialogFrame.tsx';
import { signal } from './signals.ts';

interface Props {
  readonly onClose: () => void;
  readonly onClosed: () => void;
}

const PLACES = [...new Set(ACTION_NAMES.map((name) => entryOf(name).where))];

export default function ShortcutsDialog({ onClose, onClosed }: Props) {
  return (
    <DialogFrame title="Keyboard shortcuts" className="dialog keys-dialog" onClose={onClose} onClosed={onClosed}>
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
      <DialogFoot>
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
      </DialogFoot>
    </DialogFrame>
  );
}
