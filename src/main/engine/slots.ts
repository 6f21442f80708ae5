import type { LinkConfig } from '../../shared/engineConfig.ts';

/** Row L12: how many sockets a venue, or one key of it, allows at a time, counted across the links of this process. */
export class Slots {
  readonly #links = new Map<object, string>();

  /** A link is configured: it holds one socket of its venue. */
  hold(link: object, config: LinkConfig): void {
    this.#links.set(link, keyOf(config));
  }

  forget(link: object): void {
    this.#links.delete(link);
  }

  /** Why this link may not have a second socket, `null` if it may. */
  refusal(link: object, config: LinkConfig): string | null {
    return this.#full(config, this.#links.has(link) ? 0 : 1);
  }

  /** Why one socket more, of no link, may not be opened, `null` if it may. */
  refusalOfOneMore(config: LinkConfig): string | null {
    return this.#full(config, 0);
  }

  #full(config: LinkConfig, links: number): string | null {
    const { sockets } = config.preset.limits;
    if (sockets === undefined) return null;
    const key = keyOf(config);
    let used = links;
    for (const other of this.#links.values()) if (other === key) used += 1;
    if (used + 1 <= sockets) return null;
    const by = `${used} ${used === 1 ? 'link uses' : 'links use'}`;
    return `${config.preset.venue} allows ${sockets === 1 ? 'one connection' : `${sockets} connections`}, and ${by} it`;
  }
}

const keyOf = ({ preset }: LinkConfig): string => `${preset.venue}\0${preset.login ?? ''}`;
