import { faultTitle } from '../../../shared/demoFault.ts';
import { reportCsv, reportText } from '../../../shared/drillText.ts';
import type { TimelineRow } from '../../../shared/timeline.ts';
import { type Drill, type LinkDrill, stallsText } from '../../store/drill.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';

interface Props {
  readonly drill: Drill;
  readonly link: LinkDrill;
  readonly rows: readonly TimelineRow[];
}

/** A drill's report to the clipboard, for people and for spreadsheets. */
export function CopyDrill({ drill, link, rows }: Props) {
  const at = new Date(drill.injection.at).toISOString();
  const title = faultTitle(drill.injection.fault);
  const heading = `${title} on ${drill.exchange.label}, ${link.before.name}, ${at}. ${stallsText(drill, rows)}`.trim();
  const facts = [
    ['at', at],
    ['exchange', drill.exchange.label],
    ['fault', title],
    ['link', link.before.name],
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
