import type { MonoMs } from '../../shared/units.ts';
import { countdown, duration, NOTHING, shortCountdown } from '../format.ts';
import { useAtNow } from '../store/hooks.ts';

/** How long ago something was, counting up; unknown while the engine is not heard. */
export function Age({ since, never = NOTHING }: { readonly since: MonoMs | null; readonly never?: string }) {
  return useAtNow((now) => (since === null ? never : duration(now - since)), never, since === null ? never : NOTHING);
}

interface CountdownProps {
  readonly until: MonoMs;
  readonly totalMs: number | null;
  /** Minutes and seconds as a clock has them. */
  readonly short?: boolean;
}

/** What is left until `until`, counting down; a ring shows the share when the whole wait is known. Both only of now. */
export function Countdown({ until, totalMs, short = false }: CountdownProps) {
  const text = useAtNow((now) => (short ? shortCountdown : countdown)(until - now), '', NOTHING);
  const share = useAtNow(
    (now) =>
      totalMs === null || totalMs <= 0 ? -1 : Math.round(Math.min(1, Math.max(0, (until - now) / totalMs)) * 24),
    -1,
    -1,
  );
  return (
    <span className="countdown" role="timer">
      {share >= 0 && (
        <svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true">
          <circle className="ring-back" cx="6" cy="6" r="4.5" />
          <circle className="ring" cx="6" cy="6" r="4.5" pathLength="24" strokeDasharray={`${share} 24`} />
        </svg>
      )}
      {text}
    </span>
  );
}

interface FactProps {
  readonly label: string;
  readonly children: React.ReactNode;
  readonly title?: string;
  /** Takes both columns of a list of two. */
  readonly wide?: boolean;
}

/** A label and its value on one line of a list. */
export function Fact({ label, children, title, wide = false }: FactProps) {
  return (
    <div className={wide ? 'fact wide' : 'fact'} title={title}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
