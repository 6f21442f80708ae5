import { useEffect, useMemo, useState } from 'react';
import type { ControlFrame } from '../../shared/controlFrame.ts';
import type { HealthLevel } from '../../shared/health.ts';
import type { Incident } from '../../shared/incident.ts';
import { LinkCharts } from '../charts/LinkCharts.tsx';
import { usePageTime } from '../charts/useChartData.ts';
import { IncidentList } from '../incidents/IncidentList.tsx';
import type { Route } from '../route.ts';
import { isPaused } from '../standing.ts';
import { useCommands } from '../store/commands.ts';
import { selectIncidents } from '../store/engine.ts';
import { useEngineState, useLink, useStale } from '../store/hooks.ts';
import { useCuts } from '../ui/cuts.tsx';
import { letterKey } from '../ui/letterKey.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { isTyping, useEscToOverview } from '../ui/Shortcuts.tsx';
import { Budget } from './link/Budget.tsx';
import { ControlPanel } from './link/ControlPanel.tsx';
import { DemoPanel } from './link/DemoPanel.tsx';
import { EffectiveSettings } from './link/EffectiveSettings.tsx';
import { EventLog } from './link/EventLog.tsx';
import { Clocks, Counters } from './link/Facts.tsx';
import { LinkHeader } from './link/LinkHeader.tsx';
import { LinkTabs } from './link/LinkTabs.tsx';
import { Breaker, Generations, Rotation, Routes } from './link/SocketPanels.tsx';
import { Standing } from './link/Standing.tsx';
import { Subscriptions } from './link/Subscriptions.tsx';
import { Watch } from './link/Watch.tsx';
import { Waterfall } from './link/Waterfall.tsx';
import { WindowsTable } from './link/WindowsTable.tsx';
import { rememberRow } from './overview/lastRow.ts';

/** Everything known about one link. */
export default function LinkPage({ route }: { readonly route: Route & { view: 'link' } }) {
  const link = useLink(route.name);
  const stale = useStale();
  // What a person holds still outlives a look at another tab.
  const time = usePageTime(route.chart.range);
  const [heldControl, holdControl] = useState<readonly ControlFrame[] | null>(null);
  const incidents = useIncidents(route.name);
  useLinkKeys(route.name);
  useEscToOverview();
  useEffect(() => rememberRow(route.name), [route.name]);
  if (link === null) {
    return (
      <div className="empty">
        <PageHeading>
          There is no link named “<bdi>{route.name}</bdi>”
        </PageHeading>
        <p>
          It may have been removed or renamed. <a href="#/">See all links</a> or look into the{' '}
          <a href="#/settings">settings</a>.
        </p>
      </div>
    );
  }
  const demos = link.about.routes.flatMap(({ url }) =>
    url.startsWith('demo://') ? [url.slice('demo://'.length)] : [],
  );
  return (
    <LinkTabs
      route={route}
      header={<LinkHeader link={link} />}
      incidents={incidents ?? []}
      panels={{
        now: (
          <div className="link-columns">
            <div className="column">
              <LinkCharts route={route} time={time} />
              <EventLog name={route.name} />
            </div>
            <div className="column side">
              <DemoPanel exchanges={demos} />
              <Standing link={link} />
              {link.about.routing !== null && <Routes link={link} />}
              <WindowsTable link={link} />
              <div className="pair">
                <Clocks link={link} />
                <Budget link={link} />
              </div>
              <Watch link={link} />
              <Counters link={link} />
            </div>
          </div>
        ),
        incidents: (
          <IncidentList incidents={incidents} none={stale ? NONE_WHEN_LAST_HEARD : noneText(link.health.level)} />
        ),
        control: <ControlPanel name={route.name} held={heldControl} onHold={holdControl} />,
        connection: (
          <div className="connection-grid">
            <Waterfall link={link} />
            <div className="column">
              <Breaker link={link} />
              <Rotation link={link} />
            </div>
            <Generations link={link} />
            <Routes link={link} />
            <Subscriptions link={link} />
          </div>
        ),
        settings: <EffectiveSettings name={route.name} />,
      }}
    />
  );
}

const NONE_WHEN_LAST_HEARD = 'None when the engine was last heard.';

/** Why there is none. One that had been healthy and is not has one that is open, unless it is paused. */
function noneText(level: HealthLevel | 'none'): string {
  if (level === 'healthy')
    return 'None: since it was healthy for the first time, this link has stayed so, or you paused it.';
  if (level === 'none')
    return 'None. They are counted from when the link is healthy for the first time; now it is paused.';
  return 'None: it has not been healthy yet since Warmwire or you started it; until then three failures in a row are one.';
}

/** The incidents of one link, in the order in which they opened; `null` while the engine has not told any. */
function useIncidents(name: string): readonly Incident[] | null {
  const all = useEngineState(selectIncidents);
  return useMemo(() => all?.filter(({ link }) => link === name) ?? null, [all, name]);
}

/** `r`, `Shift r` and `p` act on the link that is shown. */
function useLinkKeys(name: string): void {
  const commands = useCommands();
  const cuts = useCuts();
  const link = useLink(name);
  const paused = link === null ? null : isPaused(link);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.repeat) return;
      const key = letterKey(event);
      if (paused === true && key === 'p') commands.setPaused(name, false);
      else if (paused === null) return;
      else if (key === 'p') cuts.pause(name);
      else if (key === 'r') commands.reconnect(name, 'graceful');
      else if (key === 'Shift r') cuts.reconnectHard(name);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [commands, cuts, name, paused]);
}
