import { type ComponentType, type JSX, memo } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';

/** Where a cell stands, beside what it shows. */
export interface Place {
  /** The link's number in the settings, which is its colour. */
  readonly index: number;
  /** The numbers are not of now: no mark may claim anything. */
  readonly stale: boolean;
  /** This is the row that the keyboard is on. */
  readonly current: boolean;
  /** How many columns the reason takes: in a row without round trips it has the room of theirs. */
  readonly reach: number;
}

export type CellProps = Place & { readonly link: LinkView };

/**
 * A cell that renders only when a field it reads has changed: a link is another object with every delta, its fields are
 * not. What it does not name, it cannot read.
 */
export function cell<K extends keyof LinkView>(
  fields: readonly K[],
  Cell: (props: Place & { readonly link: Pick<LinkView, K> }) => JSX.Element,
): ComponentType<CellProps> {
  const Whole = (props: CellProps): JSX.Element => Cell(props);
  return memo(
    Whole,
    (a, b) =>
      a.index === b.index &&
      a.stale === b.stale &&
      a.current === b.current &&
      a.reach === b.reach &&
      fields.every((field) => a.link[field] === b.link[field]),
  );
}
