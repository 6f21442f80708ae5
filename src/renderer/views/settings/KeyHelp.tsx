import type { z } from 'zod';
import { factsOf, type KeyFacts } from '../../../shared/knobs.ts';
import { NoticeSchema, NoticesSchema } from '../../../shared/noticeRule.ts';
import { ConnectionSchema, LinkSchema, PoolSchema, SettingsSchema } from '../../../shared/settings.ts';

const EFFECT_TEXT = {
  live: 'live',
  resubscribe: 'resubscribe',
  redial: 're-dial',
  restart: 'restart',
} as const;

/** What the key in the cursor's line means, from the same schema that checks it. One line, always there. */
export function KeyHelp({ line, table }: { readonly line: string; readonly table: string }) {
  const key = /^\s*"?([A-Za-z0-9_-]+)"?\s*=/.exec(line)?.[1] ?? null;
  const facts = keysOf(table).find(([name]) => name === key)?.[1];
  return (
    <p className="key-help" data-testid="key-help">
      {facts === undefined ? (
        <span className="dim">
          Put the cursor on a key to see what it does. Ctrl/⌘+F searches, F8 goes to the next problem.
        </span>
      ) : (
        <>
          <code>{key}</code>
          {facts.unit !== '' && <span className="unit">{facts.unit}</span>}
          <span className="badge">{EFFECT_TEXT[facts.effect]}</span>
          <span>{facts.help}</span>
        </>
      )}
    </p>
  );
}

/** All keys of the table the cursor is in: unit, what changing it does to the socket, meaning. */
export function KeyReference({ table }: { readonly table: string }) {
  const keys = keysOf(table);
  const head = headOf(table);
  return (
    <section className="panel reference">
      <h2>
        Keys of [{NAMED.includes(head) ? `${head}.NAME` : head}]{' '}
        {LINKS.includes(head) && <span className="dim">re-dial: only these make a new socket</span>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="reference-list" tabIndex={0} aria-label="Keys">
        <dl>
          {keys.map(([name, facts]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
                <span className="unit">{facts.unit}</span>
                <span className={`badge effect-${facts.effect}`}>{EFFECT_TEXT[facts.effect]}</span>
              </dt>
              <dd>{facts.help}</dd>
            </div>
          ))}
        </dl>
      </section>
    </section>
  );
}

const TABLES = {
  connection: factsOfShape(ConnectionSchema.shape),
  link: factsOfShape(LinkSchema.shape),
  pool: factsOfShape(PoolSchema.shape),
  gate: factsOfShape(SettingsSchema.shape.gate.unwrap().shape),
  notice: factsOfShape(NoticeSchema.shape),
  notices: factsOfShape(NoticesSchema.shape),
  api: factsOfShape(SettingsSchema.shape.api.unwrap().shape),
  log: factsOfShape(SettingsSchema.shape.log.unwrap().shape),
  app: factsOfShape(SettingsSchema.shape.app.unwrap().shape),
} as const;

/** Tables of which there are many. */
const NAMED: readonly string[] = ['link', 'pool', 'notice'];
/** Tables whose keys may need another socket. */
const LINKS: readonly string[] = ['link', 'connection'];

/** Which kind of table a header such as `link."okx spot"` opens; a link when it is none that is known. */
function headOf(table: string): keyof typeof TABLES {
  const head = table.trim().split(/[.\s]/, 1)[0] ?? '';
  return Object.hasOwn(TABLES, head) ? (head as keyof typeof TABLES) : 'link';
}

const keysOf = (table: string): readonly (readonly [string, KeyFacts])[] => TABLES[headOf(table)];

function factsOfShape(shape: Readonly<Record<string, z.ZodType>>): readonly (readonly [string, KeyFacts])[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const facts = factsOf(schema);
    return facts === null ? [] : [[name, facts] as const];
  });
}
