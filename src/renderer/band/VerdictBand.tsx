import { memo, useRef } from 'react';
import { linkHash, useRoute } from '../route.ts';
import type { Tone } from '../standing.ts';
import { type EngineState, selectSettings } from '../store/engine.ts';
import { useEngineState, useSeenState } from '../store/hooks.ts';
import { NameWithin } from '../ui/NameWithin.tsx';
import { StatusMark } from '../ui/StatusMark.tsx';
import type { Quick } from '../views/overview/filter.ts';
import { pressQuick, useTable } from '../views/overview/tableMemory.ts';
import { TILE_HELP, TILE_TONE, TILES } from './kinds.ts';
import { nextSpoken, type Spoken } from './spoken.ts';
import { type Named, toneUnder, type Verdict, verdictOf } from './verdict.ts';

const selectVerdict = ({ snapshot }: EngineState) => (snapshot === null ? null : verdictOf(snapshot));

/**
 * May I trade: over how many links, how many are not fit for what cause, and the worst of these in words. Whatever is counted
 * shows its links. Nothing in it moves when a number changes, and its numbers move in silence: the live region is apart.
 */
export function VerdictBand({ stale }: { readonly stale: boolean }) {
  const verdict = useSeenState(selectVerdict);
  const running = useEngineState((state) => selectSettings(state)?.running ?? null);
  const { filter } = useTable();
  const { view } = useRoute();
  if (verdict === null) return <div className="band" />;
  const { tone, tiles, demo, shared, named } = verdict;
  const shown = view === 'overview' ? filter.quick : NONE;
  return (
    <section className="band" aria-label="Verdict" data-testid="verdict">
      <Figure {...figureOf(verdict)} stale={stale} tone={stale ? 'idle' : toneUnder(running, tone)} shown={shown} />
      <div className="tiles">
        {TILES.map((tile) => (
          <Tile
            key={tile}
            quick={tile}
            n={tiles[tile]}
            tone={stale ? 'idle' : TILE_TONE[tile]}
            help={TILE_HELP[tile]}
            pressed={shown.includes(tile)}
          />
        ))}
        {demo > 0 && <Tile quick="demo" n={demo} tone="idle" help={DEMO_HELP} pressed={shown.includes('demo')} />}
      </div>
      <Causes shared={shared} named={named} />
      <Announcer />
    </section>
  );
}

const NONE: readonly Quick[] = [];
const DEMO_HELP = 'Demo links: counted apart, and in no other number of this line';

interface FigureProps {
  /** `null`: there is none, and `words` say why. */
  readonly number: string | null;
  readonly words: string;
}

/** As wide with any number of the links that there are. */
function figureOf({ links, fit, on, isDemo }: Verdict): FigureProps {
  if (on === 0) return { number: null, words: links === 0 ? 'no links yet' : 'all paused' };
  const number = `${String(fit).padStart(String(on).length, FIGURE_SPACE)} / ${on}`;
  return { number, words: isDemo ? 'demo links fit' : 'fit to trade' };
}

const FIGURE_SPACE = '\u2007';

const Figure = memo(function Figure(
  props: FigureProps & {
    readonly stale: boolean;
    readonly tone: Tone;
    readonly shown: readonly Quick[];
  },
) {
  const { number, words, stale, tone, shown } = props;
  return (
    <button
      type="button"
      className={`band-figure figure-${tone}`}
      aria-pressed={shown.includes('unfit')}
      title="Show the links that are not fit to trade"
      onClick={() => pressQuick('unfit')}
    >
      <StatusMark tone={tone} />
      <span>
        {stale && <small>was </small>}
        {number !== null && <b>{number}</b>} {words}
      </span>
    </button>
  );
});

interface TileProps {
  readonly quick: Quick;
  readonly n: number;
  readonly tone: Tone;
  readonly help: string;
  readonly pressed: boolean;
}

const Tile = memo(function Tile({ quick, n, tone, help, pressed }: TileProps) {
  return (
    <button
      type="button"
      className={n === 0 ? 'tile' : `tile tile-some tile-${tone}`}
      aria-pressed={pressed}
      title={help}
      onClick={() => pressQuick(quick)}
    >
      <b>{n}</b> <span>{quick}</span>
    </button>
  );
});

/** In places of their own, so that none moves when another's words change. */
const Causes = memo(function Causes({ shared, named }: Pick<Verdict, 'shared' | 'named'>) {
  return (
    <div className="band-causes">
      {shared !== '' && <strong>{shared}</strong>}
      {named.map((one) => (
        <Cause key={one.name} {...one} />
      ))}
    </div>
  );
});

/** A longer name would leave no room for its cause. */
const NAME_PX = 160;
const FONT = '600 12px';

const Cause = memo(function Cause({ name, word, detail }: Named) {
  return (
    <p>
      <a href={linkHash(name)}>
        <NameWithin name={name} px={NAME_PX} font={FONT} />
      </a>{' '}
      {word}
      {detail !== '' && ` ${detail}`}
    </p>
  );
});

/** Tells a screen reader when other links are named or for another cause, and at most once in five seconds. */
function Announcer() {
  const spoken = useRef<Spoken | null>(null);
  const text = useSeenState(({ snapshot }) => {
    if (snapshot !== null) spoken.current = nextSpoken(spoken.current, verdictOf(snapshot), snapshot.at);
    return spoken.current?.text ?? '';
  });
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}
