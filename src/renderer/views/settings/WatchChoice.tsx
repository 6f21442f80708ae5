interface Props {
  readonly secs: number;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** For this Apply only; the time is one of the settings. */
export function WatchChoice({ secs, checked, onChange }: Props) {
  const off = secs === 0;
  const title = off
    ? '[app] rollback_after_secs is 0: no edit is taken back by itself'
    : `After Apply the links are watched for ${secs} s ([app] rollback_after_secs); the edit is taken back when one that was well no longer is`;
  return (
    <label className="watch-choice" title={title}>
      <input
        type="checkbox"
        checked={checked && !off}
        disabled={off}
        onChange={(event) => onChange(event.target.checked)}
      />
      Put back if worse
    </label>
  );
}
