import { PROFILE_NAMES, PROFILES } from '../../../shared/knobs.ts';
import type { Profile } from './wizardState.ts';

type Values = (typeof PROFILES)[Profile];

/** All of them in one unit, as the settings have them. */
const secs = (value: number): string => `${value} s`;

const ROWS: readonly (readonly [string, (values: Values) => string])[] = [
  ['pings every', ({ ping_interval_secs }) => secs(ping_interval_secs)],
  ['a pong is late after at most', ({ pong_timeout_secs }) => secs(pong_timeout_secs)],
  ['first reconnect after', ({ initial_reconnect_delay_ms }) => secs(initial_reconnect_delay_ms / 1000)],
  ['longest wait between reconnects', ({ max_reconnect_delay_secs }) => secs(max_reconnect_delay_secs)],
  ['reconnects without data for', ({ data_timeout_secs }) => secs(data_timeout_secs)],
  ['expects data after the ack', (values) => ('first_data_secs' in values ? 'no' : 'yes')],
];

/** The three profiles side by side, in numbers; the venue’s own limits hold over them. */
export function ProfileChoice({
  value,
  onChange,
}: {
  readonly value: Profile;
  readonly onChange: (to: Profile) => void;
}) {
  return (
    <fieldset className="profiles">
      <legend>
        Profile <span className="dim">what the venue does not allow is held at its limit</span>
      </legend>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">what it means</span>
            </th>
            {PROFILE_NAMES.map((name) => (
              <th scope="col" className="num" key={name}>
                <label>
                  <input type="radio" name="profile" checked={name === value} onChange={() => onChange(name)} /> {name}
                </label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([text, read]) => (
            <tr key={text}>
              <td>{text}</td>
              {PROFILE_NAMES.map((name) => (
                <td className={name === value ? 'num chosen' : 'num dim'} key={name}>
                  {read(PROFILES[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}
