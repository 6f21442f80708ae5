import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import type { Incident } from '../../../shared/incident.ts';
import { adjust, LINK_TABS, type LinkTab, type Route } from '../../route.ts';
import { NowMark } from '../../ui/NowMark.tsx';

const TEXT: Readonly<Record<LinkTab, string>> = {
  now: 'Now',
  incidents: 'Incidents',
  control: 'Control exchanges',
  connection: 'Connection',
  settings: 'Settings in force',
};

interface Props {
  readonly route: Route & { view: 'link' };
  /** Stands above the tabs and stays in sight with them. */
  readonly header: ReactNode;
  readonly incidents: readonly Incident[];
  readonly panels: Readonly<Record<LinkTab, ReactNode>>;
}

/** The parts of a link's page: arrow keys move between them, and the address says which is shown. */
export function LinkTabs({ route, header, incidents, panels }: Props) {
  const open = incidents.filter(({ closedAt }) => closedAt === null);
  const running = open.length;
  const grave = open.some(({ worst }) => worst === 'unhealthy');
  return (
    <Tabs.Root
      className="link-page"
      value={route.tab}
      onValueChange={(value) => adjust({ ...route, tab: LINK_TABS.find((tab) => tab === value) ?? 'now' })}
    >
      <div className="link-top">
        {header}
        <Tabs.List className="tabs" aria-label="Parts of this page">
          {LINK_TABS.map((tab) => (
            <Tabs.Trigger key={tab} value={tab} className="tab">
              {TEXT[tab]}
              {tab === 'incidents' && (
                <span className="tab-count">
                  {running > 0 && <NowMark tone={grave ? 'bad' : 'warn'} />}
                  {running > 0 ? `${running} open` : incidents.length}
                </span>
              )}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      {LINK_TABS.map((tab) => (
        <Tabs.Content key={tab} value={tab} className={`tab-panel tab-${tab}`}>
          {panels[tab]}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
