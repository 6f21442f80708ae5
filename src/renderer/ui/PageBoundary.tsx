import { Component, type ReactNode } from 'react';
import { PageHeading } from './PageHeading.tsx';

interface Props {
  readonly children: ReactNode;
  /** Where one is: another place is tried anew. */
  readonly at: unknown;
}

interface Fault {
  readonly why: string;
}

/** Keeps a page that throws, or whose code does not come, from taking the frame and the other pages with it. */
export class PageBoundary extends Component<Props, { readonly fault: Fault | null }> {
  override state: { readonly fault: Fault | null } = { fault: null };

  static getDerivedStateFromError(error: unknown): { readonly fault: Fault } {
    return { fault: { why: error instanceof Error ? error.message : String(error) } };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.fault !== null && before.at !== this.props.at) this.setState({ fault: null });
  }

  override render(): ReactNode {
    const { fault } = this.state;
    return fault === null ? this.props.children : <PageFailed why={fault.why} />;
  }
}

function PageFailed({ why }: Fault) {
  return (
    <div className="empty">
      <PageHeading>This page has stopped</PageHeading>
      <p role="alert">Something in it went wrong: {why}</p>
      <p>The engine is not concerned: links and pools go on as they were. The other pages can be opened above.</p>
      <p>
        <button type="button" className="button primary" onClick={() => window.location.reload()}>
          Reload the page
        </button>
      </p>
    </div>
  );
}
