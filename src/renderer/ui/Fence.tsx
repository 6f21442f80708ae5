import type { ReactNode } from 'react';
import { Bar } from './Bar.tsx';
import { Boundary } from './Boundary.tsx';

interface Props {
  /** In the words of a title: `The header`. */
  readonly what: string;
  readonly children: ReactNode;
  /** Its line lies at the window's lower edge: where it stands is no room for one. */
  readonly apart?: boolean;
  /** Does without it. */
  readonly onClose?: () => void;
}

/** Around a part of the window that the rest can do without: one line says that it is not there, and why. */
export function Fence({ what, children, apart = false, onClose }: Props) {
  return (
    <Boundary
      failed={({ kind, why }, again) => (
        <div className={apart ? 'fenced-apart' : undefined}>
          <Bar tone="bad" role="alert">
            <span className="ellipsis" title={why}>
              {what} {kind === 'not loaded' ? 'could not be loaded' : `has stopped: ${why}`}. The rest goes on.
            </span>
            <button type="button" onClick={again}>
              Try again
            </button>
            {onClose !== undefined && (
              <button type="button" onClick={onClose}>
                Close
              </button>
            )}
          </Bar>
        </div>
      )}
    >
      {children}
    </Boundary>
  );
}
