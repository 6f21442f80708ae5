const frame = { width: 14, height: 14, viewBox: '0 0 14 14' } as const;

export const ReconnectIcon = () => (
  <svg {...frame} className="icon" aria-hidden="true">
    <path d="M11.6 5.2 A5 5 0 1 0 12 7.6" />
    <path d="M12.2 1.8 V5.4 H8.6" />
  </svg>
);

export const PauseIcon = () => (
  <svg {...frame} className="icon" aria-hidden="true">
    <path d="M4.5 2.5 V11.5 M9.5 2.5 V11.5" />
  </svg>
);

export const ResumeIcon = () => (
  <svg {...frame} className="icon" aria-hidden="true">
    <path d="M4 2.4 L11 7 L4 11.6 Z" />
  </svg>
);

/** Struck through while nothing is to be heard. */
export const BellIcon = ({ silent }: { readonly silent: boolean }) => (
  <svg {...frame} className="icon" aria-hidden="true">
    <path d="M2.6 10.4 H11.4 C10.4 9.4 10.2 8.4 10.2 6.2 A3.2 3.2 0 0 0 3.8 6.2 C3.8 8.4 3.6 9.4 2.6 10.4 Z M6 12.6 H8" />
    {silent && <path d="M1.6 1.6 L12.4 12.4" />}
  </svg>
);

export const Logo = () => (
  <svg width="18" height="18" viewBox="0 0 18 18" className="logo" aria-hidden="true">
    <path d="M1 9 H4.6 L6.8 3 L10.6 15 L12.8 9 H17" />
  </svg>
);
