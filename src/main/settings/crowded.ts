import { counted } from '../../shared/counted.ts';
import type { LinkConfig } from '../../shared/engineConfig.ts';
import { sessionKeyOf } from '../../shared/preset.ts';
import type { Report } from './resolvePools.ts';

/** Row L12: links that are on, and more of them than their venue, or its key, allows connections: each is told of the others. */
export function reportCrowded(links: readonly LinkConfig[], report: Report): void {
  const on = links.filter(({ enabled }) => enabled);
  const byKey = Map.groupBy(on, ({ preset }) => sessionKeyOf(preset));
  for (const sharing of byKey.values()) {
    const { venue, limits } = (sharing[0] as LinkConfig).preset;
    const most = limits.sockets ?? Number.POSITIVE_INFINITY;
    if (sharing.length <= most) continue;
    const names = sharing.map(({ name }) => name);
    for (const name of names) {
      const others = names.filter((other) => other !== name).join(', ');
      const message = `${venue} allows ${counted(most, 'connection')} at a time, and ${others} ${names.length === 2 ? 'is' : 'are'} on, too: it will refuse or end one of them`;
      report('notice', ['link', name], message, `at most ${counted(most, 'link')} on, or a key for each`);
    }
  }
}
