import { faultTitle } from '../../../shared/demoFault.ts';
import { type AnyRow, reportCsv, reportText } from '../../../shared/drillText.ts';
import { type Drill, nobodyText, stallsText } from '../../store/drill.ts';
import { besideText } from '../../store/drillBeside.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';

interface Props {
  readonly drill: Drill;
  /** The link or the pool that the rows are about. */
  readonly name: string;
  readonly rows: readonly AnyRow[];
}

/** A drill's report to the clipboard, for people and for spreadsheets. */
export function CopyDrill({ drill, name, rows }: Props) {
  const at = new Date(drill.injection.at).toISOString();
  const title = faultTitle(drill.injection.fault);
  const heading = [
    `${title} on ${drill.exchange.label}, ${name}, ${at}.`,
    nobodyText(drill),
    besideText(drill),
    stallsText(drill, rows),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
  const facts = [
    ['at', at],
    ['exchange', drill.exchange.label],
    ['fault', title],
    ['link', name],
    ['ended', drill.closed?.why ?? 'running'],
    ['machine_stalls', String(drill.stalls.now - drill.stalls.before)],
  ] as const;
  return (
    <>
      <CopyButton label="Copy text" title="Copy text of the report" text={() => reportText(heading, rows)} />
      <CopyButton label="Copy CSV" title="Copy CSV of the report" text={() => reportCsv(facts, rows)} />
    </>
  );
}
