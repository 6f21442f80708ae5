import type { RefObject } from 'react';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { DialogFoot, DialogFrame } from '../../ui/DialogFrame.tsx';
import { moved, toggled } from './columnChoice.ts';
import { columnOf } from './columns.ts';
import type { Columns } from './useColumns.ts';

interface Props extends Omit<Columns, 'columns'> {
  readonly opener: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Which columns the table has, and in which order. What is chosen is in force at once, and kept. */
export default function ColumnsDialog({ chosen, choose, opener, onClose }: Props) {
  const movable = chosen.order.filter((key) => key !== 'name');
  return (
    <DialogFrame
      title="Columns"
      className="dialog columns-dialog"
      clear
      onClose={onClose}
      onClosed={() => opener.current?.focus()}
    >
      <ol>
        {movable.map((key, index) => {
          const { head, unit, title } = columnOf(key);
          return (
            <li key={key}>
              <label title={title}>
                <input
                  type="checkbox"
                  checked={!chosen.hidden.includes(key)}
                  onChange={() => choose(toggled(chosen, key))}
                />
                {head}
                {unit !== undefined && <span className="unit"> {unit}</span>}
              </label>
              <ActionButton
                className="quiet"
                aria-label={`Move ${head} left`}
                blocked={index === 0 ? 'It is the first' : null}
                onClick={() => choose(moved(chosen, key, -1))}
              >
                ↑
              </ActionButton>
              <ActionButton
                className="quiet"
                aria-label={`Move ${head} right`}
                blocked={index === movable.length - 1 ? 'It is the last' : null}
                onClick={() => choose(moved(chosen, key, 1))}
              >
                ↓
              </ActionButton>
            </li>
          );
        })}
      </ol>
      <DialogFoot>
        <button type="button" className="button" onClick={() => choose(null)}>
          Reset
        </button>
      </DialogFoot>
    </DialogFrame>
  );
}
