import { Suspense, useState } from 'react';
import { ALL_LINKS } from '../charts/chartScope.ts';
import type { Route } from '../route.ts';
import { useLinkNames } from '../store/hooks.ts';
import { Fence } from '../ui/Fence.tsx';
import { later } from '../ui/later.ts';
import { PageHeading } from '../ui/PageHeading.tsx';
import { LinkTable } from './overview/LinkTable.tsx';
import { AddVenueHint } from './wizard/AddVenueHint.tsx';

const OverviewCharts = later(() => import('../charts/OverviewCharts.tsx'));

/** All links at a glance: one row each, and their p99 over time: of those that are selected, or else shown. */
export function Overview({ route }: { readonly route: Route & { view: 'overview' } }) {
  const names = useLinkNames();
  const [scope, setScope] = useState(ALL_LINKS);
  if (names.length === 0) return <NoLinks />;
  return (
    <div className="overview">
      <h1 className="visually-hidden">Overview</h1>
      <LinkTable onScope={setScope} />
      <AddVenueHint />
      <div className="overview-charts">
        <Fence what="The chart">
          <Suspense fallback={<p className="loading">Loading the chart…</p>}>
            <OverviewCharts route={route} scope={scope} />
          </Suspense>
        </Fence>
      </div>
    </div>
  );
}

function NoLinks() {
  return (
    <div className="empty">
      <PageHeading>No links yet</PageHeading>
      <p>
        A link is one connection to an exchange. <a href="#/add">Add your venue</a>, or write it into the{' '}
        <a href="#/settings">settings</a>, for example:
      </p>
      <pre>{'[link.my-exchange]\nurl = "wss://example.com/ws"'}</pre>
    </div>
  );
}
