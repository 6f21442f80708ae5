import { useRef } from 'react';
import { bytes, fixedMs, plural } from '../format.ts';
import { useRoute } from '../route.ts';
import { selectApp, selectMachine } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { Bell } from './Bell.tsx';
import { Logo } from './icons.tsx';
import { Segmented } from './Segmented.tsx';
import { openShortcuts } from './Shortcuts.tsx';
import { StatusMark } from './StatusMark.tsx';
import { setTheme, useTheme } from './theme.ts';
import { UnsavedMark } from './UnsavedMark.tsx';

export function Header({ stale }: { readonly stale: boolean }) {
  const { view } = useRoute();
  const { chosen } = useTheme();
  const app = useEngineState(selectApp);
  return (
    <header className="header">
      <Logo />
      <strong className="brand">Warmwire</strong>
      <nav aria-label="Pages">
        <a href="#/" aria-current={view === 'overview' ? 'page' : undefined}>
          Overview
        </a>
        <a href="#/settings" aria-current={view === 'settings' ? 'page' : undefined}>
          Settings
          <UnsavedMark />
        </a>
        <a href="#/pools" aria-current={view === 'pools' ? 'page' : undefined}>
          Pools
        </a>
        <a href="#/drills" aria-current={view === 'drills' ? 'page' : undefined}>
          Drills
        </a>
        <a href="#/notices" aria-current={view === 'notices' ? 'page' : undefined}>
          Notices
        </a>
        <a href="#/add" aria-current={view === 'add' ? 'page' : undefined}>
          Add venue
        </a>
      </nav>
      <Lateness stale={stale} />
      <Bell />
      <Segmented label="Theme" options={THEME_OPTIONS} value={chosen} onChange={setTheme} />
      <button
        type="button"
        className="quiet"
        onClick={openShortcuts}
        title="Keyboard shortcuts (?)"
        aria-label="Keyboard shortcuts"
      >
        ?
      </button>
      {app !== null && (
        <span className="badge host" title={`Warmwire ${app.version}\nLog: ${app.logFile}\nData: ${app.dataFolder}`}>
          {app.host.toUpperCase()}
        </span>
      )}
    </header>
  );
}

const THEME_OPTIONS = [
  { value: 'system', text: 'Auto', title: 'Follow the system' },
  { value: 'dark', text: 'Dark' },
  { value: 'light', text: 'Light' },
] as const;

/** Over the first the engine itself adds visibly to what it measures; it is said until it is under the second. */
const LATE = { fromMs: 16, untilMs: 12 } as const;

function Lateness({ stale }: { readonly stale: boolean }) {
  const machine = useEngineState(selectMachine);
  const queueLagMs = useEngineState((state) => selectApp(state)?.queueLagP99Ms ?? null);
  const wasLate = useRef(false);
  if (machine === null) return null;
  wasLate.current = machine.loopP99Ms > (wasLate.current ? LATE.untilMs : LATE.fromMs);
  const late = wasLate.current && !stale;
  return (
    <p
      className={late ? 'lateness late' : 'lateness'}
      title={`How late Warmwire's own thread runs, over the last minute: p99 ${fixedMs(machine.loopP99Ms)} ms, worst ${fixedMs(machine.loopMaxMs)} ms, ${plural(machine.stalls, 'stall')} since start. What it tells waits ${fixedMs(queueLagMs)} ms (p99) for this program’s host, and its open sockets have inflated ${bytes(machine.inflatedBytes)}. Memory of this program ${bytes(machine.rssBytes)}, of its engine ${bytes(machine.heapBytes)} of at most ${bytes(machine.heapLimitBytes)}`}
    >
      <StatusMark tone={late ? 'warn' : 'idle'} />{' '}
      <span className="dim">
        own lateness<span className="where-wide"> p99</span>
      </span>{' '}
      <b>{machine.loopP99Ms.toFixed(1)}</b> ms
    </p>
  );
}
