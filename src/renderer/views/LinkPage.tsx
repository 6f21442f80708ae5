import { useEffect } from 'react';
import { LinkCharts } from '../charts/LinkCharts.tsx';
import type { Route } from '../route.ts';
import { isPaused } from '../standing.ts';
import { useCommands } from '../store/commands.ts';
import { useLink } from '../store/hooks.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { isTyping, useEscToOverview } from '../ui/Shortcuts.tsx';
import { DemoPanel } from './link/DemoPanel.tsx';
import { EffectiveSettings } from './link/EffectiveSettings.tsx';
import { EventLog } from './link/EventLog.tsx';
import { Clocks, Connection, Counters, Subscriptions } from './link/Facts.tsx';
import { LinkHeader } from './link/LinkHeader.tsx';
import { Standing, Watch } from './link/Standing.tsx';
import { WindowsTable } from './link/WindowsTable.tsx';
import { rememberRow } from './overview/lastRow.ts';

/** Everything known about one link. */
export default function LinkPage({ route }: { readonly route: Route & { view: 'link' } }) {
  const link = useLink(route.name);
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
    <div className="link-page">
      <LinkHeader link={link} />
      <div className="link-columns">
        <div className="column">
          <LinkCharts route={route} />
          <EventLog name={route.name} />
        </div>
        <div className="column side">
          <DemoPanel exchanges={demos} />
          <Standing link={link} />
          <WindowsTable link={link} />
          <div className="pair">
            <Clocks link={link} />
            <Connection link={link} />
          </div>
          <Counters link={link} />
          <Watch link={link} />
          <Subscriptions link={link} />
        </div>
      </div>
      <EffectiveSettings name={route.name} />
    </div>
  );
}

/** `r`, `R` and `p` act on the link that is shown. */
function useLinkKeys(name: string): void {
  const commands = useCommands();
  const link = useLink(name);
  const paused = link === null ? null : isPaused(link);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.repeat) return;
      if (paused !== null && event.key === 'p') commands.setPaused(name, !paused);
      else if (paused === false && event.key.toLowerCase() === 'r') {
        commands.reconnect(name, event.key === 'R' ? 'hard' : 'graceful');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [commands, name, paused]);
}
