/**
 * Where the keyboard is. A page has one home: the row that was last worked on, else its heading. The focus goes there when
 * a person comes to the page, and when the element that had it goes away.
 */
export function focusHome(): void {
  const main = document.querySelector<HTMLElement>('main');
  (main?.querySelector<HTMLElement>('[data-home]') ?? main)?.focus();
}

/** The focus goes back to what had it, unless that was nothing, or is gone. */
export function giveBack(opener: Element | null): void {
  if (opener === document.body) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  else focusHome();
}

let navigated = false;
window.addEventListener('hashchange', (event) => {
  if (event.isTrusted) navigated = true;
});

/** True once the user has gone from one place to another: the first page takes no focus that nobody gave it. */
export const hasNavigated = (): boolean => navigated;

/** Catches a focus that falls on the body because its element was removed. Answers how to end it. */
export function keepFocus(): () => void {
  let last: Element | null = null;
  const onFocus = (event: FocusEvent): void => {
    last = event.target instanceof Element ? event.target : null;
  };
  // A click on nothing is no loss; whether the element was removed is known only after the removal.
  const onBlur = (): void =>
    queueMicrotask(() => {
      if (nowhere() && last?.isConnected === true) last = null;
    });
  const look = (): void => {
    if (last === null || last.isConnected || !nowhere()) return;
    // A dialog gives the focus back by itself.
    const own = last.closest('[role="dialog"], [role="alertdialog"]') !== null;
    last = null;
    if (!own) focusHome();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', onFocus);
  document.addEventListener('focusout', onBlur);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', onFocus);
    document.removeEventListener('focusout', onBlur);
  };
}

const nowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;
