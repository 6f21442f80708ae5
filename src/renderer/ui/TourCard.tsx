import { Popover } from 'radix-ui';
import { useRef, useState } from 'react';
import { focusHome } from './focus.ts';
import { TOUR, type TourStep } from './tourSteps.ts';

/** One step of the tour, beside what it speaks of. It takes neither the focus nor a key, but Esc. */
export default function TourCard({ onEnd }: { readonly onEnd: () => void }) {
  const [index, setIndex] = useState(0);
  const card = useRef<HTMLDivElement>(null);
  const step = TOUR[index];
  if (step === undefined) return null;
  const last = index === TOUR.length - 1;

  function end(): void {
    const hadFocus = card.current?.contains(document.activeElement) === true;
    onEnd();
    if (hadFocus) focusHome();
  }

  return (
    <Popover.Root open onOpenChange={(open) => !open && end()}>
      <Popover.Anchor virtualRef={{ current: { getBoundingClientRect: () => rectOf(step) } }} />
      <Popover.Portal>
        <Popover.Content
          ref={card}
          className="tour"
          role="complementary"
          aria-label={`Tour: ${step.title}`}
          side="bottom"
          sideOffset={6}
          collisionPadding={12}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <h2>{step.title}</h2>
          <p>{step.text}</p>
          <div className="tour-foot">
            <span className="tour-step">
              {index + 1} of {TOUR.length}
            </span>
            {!last && (
              <button type="button" className="button small" onClick={end}>
                Skip for good
              </button>
            )}
            <button type="button" className="button small primary" onClick={() => (last ? end() : setIndex(index + 1))}>
              {last ? 'Done' : 'Next'}
            </button>
          </div>
          <Popover.Arrow className="tour-arrow" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function rectOf({ at }: TourStep): DOMRect {
  for (const selector of at) {
    const found = document.querySelector(selector);
    if (found !== null) return found.getBoundingClientRect();
  }
  return new DOMRect(window.innerWidth / 2, 60, 0, 0);
}
