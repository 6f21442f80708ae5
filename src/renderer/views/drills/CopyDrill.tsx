import { faultTitle } from '../../../shared/demoFault.ts';
import { type AnyRow, reportCsv, reportText } from '../../../shared/drillText.ts';
import { type Drill, stallsText } from '../../store/drill.ts';
import { besideText } from '../../store/drillBeside.ts';
import { useEngine } from '../../store/hooks.ts';

interface Props {
  readonly drill: Drill;
  /** The link or the pool that the rows are about. */
  readonly name: string;
  readonly rows: readonly AnyRow[];
}

/** A drill's report to the clipboard, for people and for spreadsheets. */
export function CopyDrill({ drill, name, rows }: Props) {
  const engine = useEngine();
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      const message = `the clipboard cannot be written (${error instanceof Error ? error.message : String(error)})`;
      engine.notify({ kind: 'no-clipboard', message, where: 'the drill’s report', hint: 'allow this page to use it' });
    }
  };
  const at = new Date(drill.injection.at).toISOString();
  const title = faultTitle(drill.injection.fault);
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
      <button
        type="button"
        className="quiet drill-copy"
        title="Copy the report as text"
        onClick={() =>
          void copy(
            reportText(
              [`${title} on ${drill.exchange.label}, ${name}, ${at}.`, besideText(drill), stallsText(drill, rows)]
                .filter((sentence) => sentence !== '')
                .join(' '),
              rows,
            ),
          )
        }
      >
        Copy text
      </button>
      <button
        type="button"
        className="quiet drill-copy"
        title="Copy the report as comma-separated values"
        onClick={() => void copy(reportCsv(facts, rows))}
      >
        Copy CSV
      </button>
    </>
  );
}
