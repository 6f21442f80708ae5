import type { ReactNode } from 'react';
import { useOffline } from '../store/offline.ts';
import { ActionButton } from './ActionButton.tsx';
import { Boundary, type Fault } from './Boundary.tsx';
import { PageHeading } from './PageHeading.tsx';
import { useEscToOverview } from './Shortcuts.tsx';

/** A page that fails leaves the frame and the other pages; it is tried anew when one comes to it again. */
export function PageBoundary({ at, children }: { readonly at: string; readonly children: ReactNode }) {
  return (
    <Boundary at={at} failed={(fault) => <PageFailed {...fault} />}>
      {children}
    </Boundary>
  );
}

function PageFailed({ kind, why }: Fault) {
  const offline = useOffline();
  useEscToOverview();
  const missing = kind === 'not loaded';
  return (
    <div className="empty">
      <PageHeading>{missing ? 'This page could not be loaded' : 'This page has stopped'}</PageHeading>
      <p role="alert">
        {missing ? 'Its code did not come' : 'Something in it went wrong'}: {why}
      </p>
      <p>
        {offline !== null
          ? 'Nothing comes from the engine now, and nothing can be loaded until it is back. What was opened before can be opened above.'
          : 'The engine is not concerned: links and pools go on as they were. The other pages can be opened above.'}
      </p>
      <p>
        {/* A reload without a host would cost the last figures known, and bring nothing. */}
        <ActionButton className="button primary" blocked={offline} onClick={() => window.location.reload()}>
          Reload the page
        </ActionButton>
      </p>
    </div>
  );
}
