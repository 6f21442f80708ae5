import { afterEach } from 'vitest';
import { closeLeaks, findLeaks } from './leaks.ts';

/** Every suite ends with nothing armed and nothing open; a test that leaves something fails by name. */
afterEach(() => {
  const leaks = findLeaks();
  closeLeaks();
  if (leaks.length > 0) throw new Error(`left behind: ${leaks.join(', ')}`);
});
