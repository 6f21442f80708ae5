import type { LinkView } from '../../src/shared/linkView.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakeLink, TEN_LINKS } from '../renderer/fakeLinks.ts';

const TOKYO = [{ url: 'demo://tokyo', p50Ms: 9, inUse: true, alive: true }];

/** A demo link on default settings that has been up for long, knows its venue (S and T are 1 s) and may be traded on. */
export function drillLink(
  { routes = TOKYO, ...about }: Partial<LinkView['about']> = {},
  change: Partial<Omit<LinkView, 'about'>> = {},
): LinkView {
  const [spec] = TEN_LINKS;
  if (spec === undefined) throw new Error('there are no fake links');
  const now = monoMs(6_000_000);
  const view = new FakeLink(spec, () => 0.5, now).view(now);
  return {
    ...view,
    gate: { kind: 'open', since: now },
    ...change,
    about: {
      ...view.about,
      ...{ url: 'demo://tokyo', ping: 'json', pingIntervalMs: 15_000, pongTimeoutMs: 5_000 },
      ...{ silenceLimitMs: 1_000, pongLimitMs: 1_000, restoredMs: 400, standby: 'off' },
      routes,
      sockets: routes.flatMap(({ url, inUse }) =>
        inUse ? [{ generation: 1, role: 'in use' as const, url, openedAt: now }] : [],
      ),
      ...about,
    },
  };
}
