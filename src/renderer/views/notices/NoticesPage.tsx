import { plural } from '../../format.ts';
import { selectNotices } from '../../store/engine.ts';
import { useEngineState, useStale } from '../../store/hooks.ts';
import type { NoticesState } from '../../store/notices.ts';
import { type GridColumn, GridHead } from '../../ui/GridHead.tsx';
import { PageHeading } from '../../ui/PageHeading.tsx';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { useEscToOverview } from '../../ui/Shortcuts.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { alikeOf } from './alike.ts';
import { NoticeControls } from './NoticeControls.tsx';
import { NoticeEntry } from './NoticeEntry.tsx';
import { RuleTable } from './RuleTable.tsx';
import { FILTERS, useFilter } from './useFilter.ts';

/** What is wrong, where, and what can be done stand first: they are what is seen where there is room for no more. */
const COLUMNS: readonly GridColumn[] = [
  { key: 'severity', head: 'Severity', title: 'How bad it is' },
  { key: 'where', head: 'Where', title: 'The link or the pool; several that are told the very same' },
  { key: 'text', head: 'What', title: 'What was wrong when it was raised' },
  { key: 'act', head: 'Answer', title: 'Acknowledge: it calls no more, and stays open until it is over' },
  { key: 'raised', head: 'Raised', title: 'Local time; of several the first' },
  { key: 'lasted', head: 'Lasted', title: 'From raised to resolved, or until now', numeric: true },
  { key: 'state', head: 'State', title: 'open, acknowledged or resolved; muted: raised in a quiet time' },
  { key: 'rule', head: 'Rule', title: 'What has raised it: its values are below' },
];

/** All notices that are kept, and the rules that raise them. */
export default function NoticesPage() {
  const held = useEngineState(selectNotices);
  useEscToOverview();
  return held === null ? (
    <p className="loading" role="status">
      Waiting for the notices…
    </p>
  ) : (
    <Listed held={held} />
  );
}

const noneText = (stale: boolean): string =>
  stale ? 'No notices when the engine was last heard.' : 'No notices: no rule has raised one.';

function Listed({ held }: { readonly held: NoticesState }) {
  const { filter, setFilter, open, over } = useFilter(held.notices);
  const stale = useStale();
  const shown = [...alikeOf(open), ...over.map((notice) => [notice] as const)];
  return (
    <div className="notices-page">
      <header className="pools-bar">
        <PageHeading>Notices</PageHeading>
        <p className="dim" role="status">
          {plural(open.length, 'open', 'open')} · {plural(over.length, 'resolved', 'resolved')}
        </p>
        <Segmented label="Severity" options={FILTERS} value={filter} onChange={setFilter} />
        <NoticeControls held={held} />
      </header>
      <ScrollBox className="notice-box" aria-label="All notices">
        {shown.length === 0 ? (
          <p className="nothing">{filter === 'all' ? noneText(stale) : 'None of these.'}</p>
        ) : (
          <table className="grid-table noticed" aria-label="Notices">
            <GridHead columns={COLUMNS} prefix="ncol" />
            <tbody>
              {shown.map((alike) => (
                <NoticeEntry key={alike[0].id} alike={alike} />
              ))}
            </tbody>
          </table>
        )}
      </ScrollBox>
      <section className="panel rules-panel" aria-label="Rules">
        <h2>
          Rules in force{stale && ' when last heard'}{' '}
          <span className="dim">[notice.NAME] tables of the settings; a change is live</span>
        </h2>
        <WideBox label="Table of the rules">
          <RuleTable held={held} />
        </WideBox>
      </section>
    </div>
  );
}
