interface Held {
  readonly what: string;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

const held = new Set<Held>();

/** Registers something that a test must have closed by its end. */
export function mustBeClosed(what: string, isOpen: () => boolean, close: () => void): void {
  held.add({ what, isOpen, close });
}

export function findLeaks(): string[] {
  return [...held].filter((entry) => entry.isOpen()).map((entry) => entry.what);
}

export function closeLeaks(): void {
  for (const entry of held) if (entry.isOpen()) entry.close();
  held.clear();
}
