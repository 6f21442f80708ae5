import { faultTitle } from '../../shared/demoFault.ts';
import { isHeldOpen, stateWord } from '../../shared/linkState.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { isOpenNotice } from '../../shared/notice.ts';
import { SettingsSchema } from '../../shared/settings.ts';
import { go, linkHash, parseRoute, poolHash, tableHash } from '../route.ts';
import { isPaused } from '../standing.ts';
import type { Commands } from '../store/commands.ts';
import type { EngineState } from '../store/engine.ts';
import { QUICK_FAULTS } from '../views/drills/quickFaults.ts';
import { MUTE_CHOICES } from '../views/notices/look.ts';
import { ACTION_NAMES, type ActionName, entryOf, keysText } from './actionTable.ts';
import type { Cuts } from './cuts.tsx';
import type { Question } from './linkQuestions.ts';
import { type Signal, signal } from './signals.ts';
import { setTheme, THEMES } from './theme.ts';

/** One thing that the palette can do. `id` stays the same while its words may change. */
export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** As the list of shortcuts has them; empty without. */
  readonly keys: string;
  /** What the palette asks before it does it. */
  readonly asks: Question | null;
  /** The link whose socket it takes: `run` asks by itself if that is live by then. */
  readonly cuts: string | null;
  /** It is about the link that the keys act on. */
  readonly atHand: boolean;
  readonly run: () => void;
}

type Optional = 'asks' | 'cuts' | 'atHand';
type Plain = Omit<PaletteItem, 'keys' | Optional> &
  Partial<Pick<PaletteItem, Optional>> & { readonly like?: ActionName };

const item = ({ like, asks = null, cuts = null, atHand = false, ...rest }: Plain): PaletteItem => ({
  ...rest,
  asks,
  cuts,
  atHand,
  keys: like === undefined ? '' : keysText(like),
});

/** The link that keys act on: the one whose page this is, or whose row has the focus. */
export function linkAtHand(focused: Element | null): string | null {
  const route = parseRoute(window.location.hash);
  return route.view === 'link' ? route.name : (focused?.closest<HTMLElement>('tr[data-link]')?.dataset.link ?? null);
}

/** Everything that can be done now, in the order in which it is offered where nothing is typed. */
export function paletteItems(
  state: EngineState,
  commands: Commands,
  cuts: Cuts,
  atHand: string | null,
): readonly PaletteItem[] {
  const links = Object.values(state.snapshot?.links ?? {});
  return [
    ...places(),
    ...notices(state, commands),
    ...links.flatMap((link) => ofLink(link, commands, cuts, link.name === atHand)),
    ...(state.pools?.order ?? []).flatMap((name) => ofPool(name, commands)),
    ...(state.app?.demo ?? []).flatMap(({ name, label }) => drills(name, label, commands)),
    ...THEMES.map((theme) =>
      item({ id: `theme ${theme}`, title: `Theme: ${theme}`, group: 'Window', run: () => setTheme(theme) }),
    ),
    shows('shortcuts', 'Keyboard shortcuts', 'shortcuts'),
    shows('tour', 'Show the tour'),
    ...settingsKeys(),
  ];
}

const shows = (what: Signal, title: string, like?: ActionName): PaletteItem =>
  item({ id: what, title, group: 'Window', run: () => signal(what), ...(like === undefined ? {} : { like }) });

function places(): PaletteItem[] {
  return ACTION_NAMES.flatMap((name) => {
    const { hash, title } = entryOf(name);
    return hash === undefined ? [] : [item({ id: name, title, group: 'Go to', like: name, run: () => go(hash) })];
  });
}

function notices({ notices: held }: EngineState, commands: Commands): PaletteItem[] {
  const group = 'Notices';
  const unseen = (held?.notices ?? []).filter((one) => isOpenNotice(one) && one.acknowledged === null).reverse();
  return [
    { ...shows('notices', entryOf('bell').title, 'bell'), group },
    ...unseen.map(({ id, text }) =>
      item({ id: `ack ${id}`, title: `Acknowledge: ${text}`, group, run: () => commands.acknowledgeNotice(id) }),
    ),
    item({ id: 'ack all', title: 'Acknowledge all notices', group, run: commands.acknowledgeAllNotices }),
    ...MUTE_CHOICES.map(({ text, secsFrom }) =>
      item({
        id: `mute ${text}`,
        title: `Mute notices ${text}`,
        group,
        run: () => commands.muteNotices(secsFrom(new Date())),
      }),
    ),
    item({ id: 'unmute', title: 'Unmute notices', group, run: () => commands.muteNotices(null) }),
  ];
}

function ofLink(link: LinkView, commands: Commands, cuts: Cuts, atHand: boolean): PaletteItem[] {
  const { name, state } = link;
  const about = (plain: Omit<Plain, 'group'>): PaletteItem => {
    const made = item({ ...plain, group: 'Links', atHand });
    return atHand ? made : { ...made, keys: '' };
  };
  const goTo = about({ id: `go ${name}`, title: `Go to ${name}`, run: () => go(linkHash(name)) });
  const isOpen = state.kind === 'blocked' || isHeldOpen(state);
  const breaker = about({
    id: `breaker ${name}`,
    title: `${isOpen ? 'Close' : 'Open'} breaker of ${name}`,
    cuts: isOpen ? null : name,
    run: () => (isOpen ? commands.setBreaker(name, false) : cuts.openBreaker(name)),
  });
  if (isPaused(link)) {
    const run = (): void => commands.setPaused(name, false);
    const resume = about({ id: `resume ${name}`, title: `Resume ${name}`, like: 'pause', run });
    return [goTo, resume, ...(isOpen ? [breaker] : [])];
  }
  return [
    goTo,
    about({
      id: `reconnect ${name}`,
      title: `Reconnect ${name}`,
      like: 'reconnect',
      run: () => commands.reconnect(name, 'graceful'),
    }),
    about({
      id: `hard ${name}`,
      title: `Reconnect hard ${name}`,
      like: 'reconnect-hard',
      cuts: name,
      run: () => cuts.reconnectHard(name),
    }),
    about({
      id: `pause ${name}`,
      title: `Pause ${name}`,
      like: 'pause',
      cuts: name,
      run: () => cuts.pause(name),
    }),
    ...(state.kind === 'up'
      ? [about({ id: `rotate ${name}`, title: `Rotate ${name}`, run: () => commands.rotate(name) })]
      : []),
    breaker,
    ...(state.kind === 'failed' && !state.acknowledged
      ? [
          about({
            id: `silence ${name}`,
            title: `Silence notices of ${name} (${stateWord(state)})`,
            run: () => commands.acknowledge(name),
          }),
        ]
      : []),
  ];
}

function ofPool(name: string, commands: Commands): PaletteItem[] {
  const group = 'Pools';
  const question = {
    title: `Destroy the sockets of ${name}?`,
    act: 'Destroy',
    text: 'Every socket of the pool is closed; requests under way on them fail.',
  };
  return [
    item({ id: `go pool ${name}`, title: `Go to pool ${name}`, group, run: () => go(poolHash(name)) }),
    item({
      id: `warm ${name}`,
      title: `Warm pool ${name}`,
      group,
      like: 'warm-pool',
      run: () => commands.warmPool(name),
    }),
    item({
      id: `destroy ${name}`,
      title: `Destroy sockets of pool ${name}`,
      group,
      like: 'destroy-pool',
      asks: question,
      run: () => void commands.destroyPool(name),
    }),
    item({
      id: `settings pool ${name}`,
      title: `Settings of pool ${name}`,
      group,
      run: () => go(tableHash({ table: ['pool', name], key: null })),
    }),
  ];
}

function drills(exchange: string, label: string, commands: Commands): PaletteItem[] {
  const group = 'Drills';
  return [
    ...QUICK_FAULTS.map(({ fault, title }) =>
      item({
        id: `drill ${exchange} ${fault.kind}`,
        title: `Drill on ${label}: ${faultTitle(fault)} – ${title}`,
        group,
        run: () => commands.demoFault(exchange, fault),
      }),
    ),
    item({
      id: `drill ${exchange} end`,
      title: `Drill on ${label}: end the fault now`,
      group,
      run: () => commands.demoFault(exchange, null),
    }),
  ];
}

const TABLES = ['connection', 'gate', 'notices', 'api', 'log', 'app'] as const;

function settingsKeys(): PaletteItem[] {
  return TABLES.flatMap((table) =>
    Object.keys(SettingsSchema.shape[table].unwrap().shape).map((key) =>
      item({
        id: `key ${table}.${key}`,
        title: `Setting ${key} [${table}]`,
        group: 'Settings',
        run: () => go(tableHash({ table: [table], key })),
      }),
    ),
  );
}
