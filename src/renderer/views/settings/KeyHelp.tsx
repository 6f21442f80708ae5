import { EFFECT_TEXT, fieldAt, rangeText } from './fields.ts';

/** What the key in the cursor's line means, from the same schema that checks it. One line, always there. */
export function KeyHelp({ line, table }: { readonly line: string; readonly table: string }) {
  const key = /^\s*"?([A-Za-z0-9_-]+)"?\s*=/.exec(line)?.[1] ?? null;
  const field = key === null ? null : fieldAt(table, key);
  return (
    <p className="key-help" data-testid="key-help">
      {field === null ? (
        <span className="dim">A key is explained here. Ctrl+Space completes, Ctrl/⌘+F searches, F8: next problem.</span>
      ) : (
        <>
          <code>{field.key}</code>
          <span className="unit">{rangeText(field) || field.facts.unit}</span>
          <span className={`badge effect-${field.facts.effect}`}>{EFFECT_TEXT[field.facts.effect]}</span>
          <span className="ellipsis" title={field.facts.help}>
            {field.facts.help}
          </span>
        </>
      )}
    </p>
  );
}
