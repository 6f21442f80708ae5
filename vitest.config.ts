import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/unpackChromium.ts'],
    setupFiles: ['test/support/setup.ts'],
    reporters: ['default', './test/support/closingLine.ts'],
    // Far longer than any test takes on a busy machine: they are for what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
