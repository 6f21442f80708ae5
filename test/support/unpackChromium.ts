import sparticuz from '@sparticuz/chromium';

/** Unpacks the browser once, before test files that run side by side would both do it into the same place. */
export default async function unpackChromium(): Promise<void> {
  await sparticuz.executablePath();
}
