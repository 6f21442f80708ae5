/**
 * Another number: something that a view of the link shows may be another. Time alone does not change it.
 *
 * It is read first by whoever looks at a link. That nothing has happened is known from it, and not from a way through the
 * link's parts, which lie apart in memory: with a thousand idle links to find that out was what most time went to. Messages
 * are counted where they come in, and nobody is told of each.
 */
export class Revision {
  #changes = 0;
  #socket: { readonly messages: number } | null = null;

  get number(): number {
    return this.#changes + (this.#socket === null ? 0 : this.#socket.messages);
  }

  changed(): void {
    this.#changes += 1;
  }

  /** The messages of this socket are changes from now on, and those of the one before no more. */
  follow(socket: { readonly messages: number } | null): void {
    this.#changes = this.number + 1;
    this.#socket = socket;
  }
}
