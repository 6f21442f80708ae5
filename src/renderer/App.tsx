import { lazy, Suspense, useEffect } from 'react';
import { type Route, useRoute } from './route.ts';
import { overall } from './standing.ts';
import { selectConnection, selectLinks, selectLoaded, selectNames } from './store/engine.ts';
import { useEngineState, useStale } from './store/hooks.ts';
import { keepFocus } from './ui/focus.ts';
import { Header } from './ui/Header.tsx';
import { NoEntry } from './ui/NoEntry.tsx';
import { Notices } from './ui/Notices.tsx';
import { Shortcuts } from './ui/Shortcuts.tsx';
import { StaleBar } from './ui/StaleBar.tsx';
import { Tour } from './ui/Tour.tsx';
import { Overview } from './views/Overview.tsx';

const LinkPage = lazy(() => import('./views/LinkPage.tsx'));
const NoticesPage = lazy(() => import('./views/notices/NoticesPage.tsx'));
const PoolsPage = lazy(() => import('./views/PoolsPage.tsx'));
const SettingsPage = lazy(() => import('./views/SettingsPage.tsx'));

/** The frame around every view: header, what is wrong with the page's own connection, notices, keyboard. */
export function App() {
  const refused = useEngineState((state) => selectConnection(state).kind === 'refused');
  const loaded = useEngineState(selectLoaded);
  const stale = useStale();
  useTitle(stale);
  useEffect(keepFocus, []);
  if (refused) return <NoEntry why="refused" />;
  return (
    <div className={stale && loaded ? 'app stale' : 'app'}>
      <Header stale={stale && loaded} />
      <StaleBar />
      <main id="main" tabIndex={-1}>
        {loaded ? (
          <View />
        ) : (
          <p className="loading" role="status">
            Waiting for the first numbers of the engine…
          </p>
        )}
      </main>
      <Notices />
      <Shortcuts />
      <Tour />
    </div>
  );
}

/** A boundary of its own for each page: one that waits for its code must not keep the last one hidden, at no width. */
function View() {
  const route = useRoute();
  return (
    <Suspense key={route.view} fallback={<p className="loading">Loading…</p>}>
      <Page route={route} />
    </Suspense>
  );
}

function Page({ route }: { readonly route: Route }) {
  if (route.view === 'settings') return <SettingsPage at={route.at} />;
  if (route.view === 'notices') return <NoticesPage />;
  if (route.view === 'pools') return <PoolsPage name={route.name} />;
  return route.view === 'link' ? <LinkPage key={route.name} route={route} /> : <Overview route={route} />;
}

/** The window's title says the worst state, for the task bar and for tabs in the background. */
function useTitle(stale: boolean): void {
  const names = useEngineState(selectNames);
  const links = useEngineState(selectLinks);
  const title = links === null ? 'Warmwire' : titleOf(overall(names, links), stale);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function titleOf(all: ReturnType<typeof overall>, stale: boolean): string {
  if (stale) return `Old numbers – ${all.count} – Warmwire`;
  return `${all.short === '' ? '' : `${all.short} · `}${all.count} – Warmwire`;
}
