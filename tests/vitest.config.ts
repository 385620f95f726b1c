import { defineConfig } from 'vitest/config';

// Two cores: two workers for the quick ones; towns of real processes, which mostly wait, have a project of their own.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['**/*.test.ts'],
          exclude: ['journeys/**', '**/node_modules/**'],
          globalSetup: ['harness/postgres.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'running',
          include: ['journeys/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
