import type { Wire } from '../../src/shared/rpc.ts';

interface End extends Wire {
  /** What this end sent so far. */
  readonly sent: unknown[];
}

/** Two ends of a pipe that copies as a process border does, and delivers in microtasks. */
export function wirePair(): { near: End; far: End; cut: () => void } {
  const ends = [makeEnd(), makeEnd()] as const;
  let open = true;
  ends[0].other = ends[1];
  ends[1].other = ends[0];

  function makeEnd(): End & {
    other: (End & { deliver: (message: unknown) => void; lost: () => void }) | null;
    deliver: (message: unknown) => void;
    lost: () => void;
  } {
    let onMessage: (message: unknown) => void = () => undefined;
    const onClose: (() => void)[] = [];
    const end = {
      other: null as ReturnType<typeof makeEnd> | null,
      sent: [] as unknown[],
      send: (message: unknown) => {
        end.sent.push(message);
        const copy = structuredClone(message);
        queueMicrotask(() => open && end.other?.deliver(copy));
      },
      onMessage: (listener: (message: unknown) => void) => {
        onMessage = listener;
      },
      onClose: (listener: () => void) => void onClose.push(listener),
      close: () => cut(),
      deliver: (message: unknown) => onMessage(message),
      lost: () => {
        for (const listener of onClose) listener();
      },
    };
    return end;
  }
  function cut(): void {
    if (!open) return;
    open = false;
    for (const end of ends) end.lost();
  }
  return { near: ends[0], far: ends[1], cut };
}
