import { Suspense, useEffect } from 'react';
import { VerdictBand } from './band/VerdictBand.tsx';
import { countText, titleText, verdictOf } from './band/verdict.ts';
import { type Route, routeHash, useRoute } from './route.ts';
import { type EngineState, selectConnection, selectLoaded } from './store/engine.ts';
import { useEngineState, useStale } from './store/hooks.ts';
import { Fence } from './ui/Fence.tsx';
import { keepFocus } from './ui/focus.ts';
import { Header } from './ui/Header.tsx';
import { fetchAll, later } from './ui/later.ts';
import { NoEntry } from './ui/NoEntry.tsx';
import { Notices } from './ui/Notices.tsx';
import { PageBoundary } from './ui/PageBoundary.tsx';
import { Shortcuts } from './ui/Shortcuts.tsx';
import { StaleBar } from './ui/StaleBar.tsx';
import { Tour } from './ui/Tour.tsx';
import { Overview } from './views/Overview.tsx';

const AddPage = later(() => import('./views/AddPage.tsx'));
const LinkPage = later(() => import('./views/LinkPage.tsx'));
const NoticesPage = later(() => import('./views/notices/NoticesPage.tsx'));
const PoolsPage = later(() => import('./views/PoolsPage.tsx'));
const DrillsPage = later(() => import('./views/DrillsPage.tsx'));
const SettingsPage = later(() => import('./views/SettingsPage.tsx'));

/** The first numbers are drawn before other pages' code is fetched. */
const SETTLED_MS = 2000;

/** The frame around every view: header, what is wrong with the page's own connection, notices, keyboard. */
export function App() {
  const refused = useEngineState((state) => selectConnection(state).kind === 'refused');
  const loaded = useEngineState(selectLoaded);
  const stale = useStale();
  useEffect(keepFocus, []);
  // Not without a host: the browser keeps what failed. On its return what is not here yet is asked for again.
  const mayFetch = loaded && !stale;
  useEffect(() => {
    if (!mayFetch) return;
    let stop: (() => void) | null = null;
    const timer = setTimeout(() => {
      stop = fetchAll();
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [mayFetch]);
  if (refused) return <NoEntry why="refused" />;
  return (
    <div className={stale && loaded ? 'app stale' : 'app'}>
      <Fence what="The header">
        <Title stale={stale} />
        <Header stale={stale && loaded} />
      </Fence>
      <Fence what="The verdict">
        <VerdictBand stale={stale && loaded} />
      </Fence>
      <Fence what="What is said of the connection">
        <StaleBar />
      </Fence>
      <main id="main" tabIndex={-1}>
        {loaded ? (
          <View />
        ) : (
          <p className="loading" role="status">
            Waiting for the engine’s first numbers…
          </p>
        )}
      </main>
      <Fence what="What pops up of notices">
        <Notices />
      </Fence>
      <Fence what="The keyboard">
        <Shortcuts />
      </Fence>
      <Fence what="The tour">
        <Tour />
      </Fence>
    </div>
  );
}

/** A boundary of its own for each page: one that waits for its code must not keep the last one hidden, at no width. */
function View() {
  const route = useRoute();
  return (
    <PageBoundary at={routeHash(route)}>
      <Suspense key={route.view} fallback={<p className="loading">Loading…</p>}>
        <Page route={route} />
      </Suspense>
    </PageBoundary>
  );
}

function Page({ route }: { readonly route: Route }) {
  if (route.view === 'settings') return <SettingsPage at={route.at} />;
  if (route.view === 'add') return <AddPage step={route.step} />;
  if (route.view === 'notices') return <NoticesPage />;
  if (route.view === 'pools') return <PoolsPage name={route.name} />;
  if (route.view === 'drills') return <DrillsPage exchange={route.exchange} />;
  return route.view === 'link' ? <LinkPage key={route.name} route={route} /> : <Overview route={route} />;
}

/** The window's title says the worst link, for the task bar and for tabs in the background. A leaf: it changes often. */
function Title({ stale }: { readonly stale: boolean }) {
  const title = useEngineState(stale ? staleTitle : liveTitle);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

const staleTitle = ({ snapshot }: EngineState): string =>
  snapshot === null ? 'Warmwire' : `Old numbers – ${countText(verdictOf(snapshot))} – Warmwire`;

const liveTitle = ({ snapshot }: EngineState): string =>
  snapshot === null ? 'Warmwire' : `${titleText(verdictOf(snapshot))} – Warmwire`;
