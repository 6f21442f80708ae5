import type { RunningText, SettingsView } from '../../shared/settingsView.ts';
import { useRoute } from '../route.ts';
import { selectSettings } from '../store/engine.ts';
import { useEngineState } from '../store/hooks.ts';
import { Bar } from './Bar.tsx';

/** The settings file is not what runs: what does in its place and what that means; and why, which the Settings page says itself. */
export function NotInForce() {
  const settings = useEngineState(selectSettings);
  const { view } = useRoute();
  if (settings === null || settings.running === 'this file') return null;
  const { running } = settings;
  return (
    <Bar tone={running === 'the last good settings' ? 'warn' : 'bad'}>
      <p className="bar-words">
        <strong>Your settings file is not in force: {INSTEAD[running]}.</strong>
        {view !== 'settings' && (
          <>
            {' '}
            {whyNot(settings)} <a href="#/settings">Go to Settings</a>
          </>
        )}
      </p>
    </Bar>
  );
}

function whyNot({ fileTrouble, problems }: SettingsView): string {
  const fault = problems.find(({ severity }) => severity === 'error');
  if (fileTrouble !== null) return `${fileTrouble.charAt(0).toUpperCase()}${fileTrouble.slice(1)}.`;
  return fault === undefined ? '' : `Line ${fault.line}: ${fault.message}.`;
}

const SOUND_PART = 'runs, and no link or key that has an error in it';

const INSTEAD: Readonly<Record<Exclude<RunningText, 'this file'>, string>> = {
  'the last good settings': 'the last good settings run',
  'what was sound of the file at the start': `what was sound of it at the start ${SOUND_PART}`,
  'what was sound of the last good settings': `what was sound of the last good settings ${SOUND_PART}`,
  'the built-in settings': 'the built-in demo runs, and none of your links is watched',
};
