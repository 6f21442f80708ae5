import type { SettingsView } from '../../../shared/settingsView.ts';
import { useStale } from '../../store/hooks.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';

/** Whether it is this file that runs. */
export function Running({ view }: { readonly view: SettingsView }) {
  const own = view.running === 'this file';
  const stale = useStale();
  return (
    <span className={stale ? 'running dim' : 'running'}>
      <StatusMark tone={stale ? 'idle' : own ? 'good' : 'warn'} />
      {own ? 'running: this file' : `running: ${view.running}, not the file as it is now`}
    </span>
  );
}
