import './strictCsp.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/band.css';
import './styles/columns.css';
import './styles/table.css';
import './styles/overview.css';
import './styles/panels.css';
import './styles/link.css';
import './styles/linkTabs.css';
import './styles/charts.css';
import './styles/plot.css';
import './styles/settings.css';
import './styles/settingsForm.css';
import './styles/pools.css';
import './styles/drills.css';
import './styles/wizard.css';
import './styles/notices.css';
import './styles/palette.css';
import './styles/stale.css';
import './styles/narrow.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { appContract } from '../shared/contract.ts';
import { connect } from '../shared/rpc.ts';
import { App } from './App.tsx';
import { createEngine, type Sight } from './store/engine.ts';
import { EngineContext } from './store/hooks.ts';
import { NoEntry } from './ui/NoEntry.tsx';
import { ownWindow } from './ui/ownWindow.ts';
import './ui/theme.ts';
import { type Door, findDoor, takeToken } from './wire.ts';

/** A hidden page asks for less. */
const SIGHT: Sight = {
  hidden: () => document.hidden,
  onChange: (listener) => document.addEventListener('visibilitychange', listener),
};

const root = createRoot(document.getElementById('root') as HTMLElement);
const door = findDoor();

if (door === null) root.render(<NoEntry why="missing" />);
else {
  void ownWindow();
  root.render(
    <StrictMode>
      <EngineContext value={engineBehind(door)}>
        <App />
      </EngineContext>
    </StrictMode>,
  );
}

// A new address pasted into this tab only changes the hash: the page must start again with its token.
window.addEventListener('hashchange', () => {
  if (window.warmwire === undefined && takeToken()) window.location.reload();
});

function engineBehind(way: Door) {
  return createEngine((onLost) => {
    const { wire, whyLost } = way.open();
    return connect(appContract, wire, () => onLost(whyLost())).client;
  }, SIGHT);
}
