import type { SettingsView } from '../../../shared/settingsView.ts';
import { useStale } from '../../store/hooks.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';

/** Whether it is this file that runs. */
export function Running({ view }: { readonly view: SettingsView }) {
  const own = view.running === 'this file';
  const stale = useStale();
  const text = own ? 'running: this file' : `running: not this file but ${view.running}`;
  return (
    <span className={stale ? 'running dim' : 'running'} title={text}>
      <StatusMark tone={stale ? 'idle' : own ? 'good' : 'warn'} />
      {text}
    </span>
  );
}
