/** uPlot reads the page's language when it is loaded; under LANG=C Chromium names one that `Intl` throws at. */
export function mendLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
