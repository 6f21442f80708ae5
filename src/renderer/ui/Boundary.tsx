import { Component, type ReactNode } from 'react';
import { forgetFailures, NotLoaded } from './later.ts';

export interface Fault {
  /** `not loaded`: its code did not come. */
  readonly kind: 'not loaded' | 'thrown';
  readonly why: string;
}

interface Props {
  readonly children: ReactNode;
  /** Where one is: another place is tried anew. */
  readonly at?: string;
  /** What is shown in place of it. */
  readonly failed: (fault: Fault, again: () => void) => ReactNode;
}

/** Keeps what throws, or whose code does not come, from taking the rest of the window with it. */
export class Boundary extends Component<Props, { readonly fault: Fault | null }> {
  override state: { readonly fault: Fault | null } = { fault: null };

  static getDerivedStateFromError(error: unknown): { readonly fault: Fault } {
    const why = error instanceof Error ? error.message : String(error);
    return { fault: { kind: error instanceof NotLoaded ? 'not loaded' : 'thrown', why } };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.fault !== null && before.at !== this.props.at) this.#again();
  }

  /** What was done without is tried anew when it is wanted again. */
  override componentWillUnmount(): void {
    if (this.state.fault !== null) forgetFailures();
  }

  readonly #again = (): void => {
    forgetFailures();
    this.setState({ fault: null });
  };

  override render(): ReactNode {
    const { fault } = this.state;
    return fault === null ? this.props.children : this.props.failed(fault, this.#again);
  }
}
