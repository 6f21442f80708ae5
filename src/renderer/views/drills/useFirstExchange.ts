import { useState } from 'react';
import { type DemoExchange, faultInForce } from '../../../shared/demoFault.ts';
import { linksAt, standsAt } from '../../store/drill.ts';
import { useDrillNotes } from '../../store/drills.ts';
import { useEngineState } from '../../store/hooks.ts';

/**
 * The exchange to open on where the address names none: one with a running fault or drill, else one where somebody
 * would notice. It stays that one, since links change their places under the hand; `undefined` until it is known.
 */
export function useFirstExchange(exchanges: readonly DemoExchange[], wanted: string | null): string | undefined {
  const drills = useDrillNotes();
  const [held, setHeld] = useState<{ readonly wanted: string | null; readonly name: string } | null>(null);
  const noticed = useEngineState(({ snapshot }) => {
    if (snapshot === null) return undefined;
    const inUse = ({ name }: DemoExchange): boolean => linksAt(name, snapshot).some((link) => standsAt(name, link));
    return (exchanges.find(inUse) ?? exchanges.find(({ name }) => linksAt(name, snapshot).length > 0))?.name;
  });
  const running =
    exchanges.find((exchange) => faultInForce(exchange) !== null)?.name ??
    drills.findLast(({ closed }) => closed === null)?.exchange.name;
  if (held?.wanted === wanted) return held.name;
  const name = running ?? noticed;
  if (name !== undefined) setHeld({ wanted, name });
  return name;
}
