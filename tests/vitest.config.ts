import { defineConfig } from 'vitest/config';

/**
 * Files which share the processes they run in, for one of its own would cost more than most of them do. Whatever stands
 * here puts back what it changes: environment, zone, settings of the runner.
 */
const sharing = [
  '{web,schedules,protocol,house,device-agent}/**/*.test.ts',
  'server/{work,people,live,enrolment,keys}/**/*.test.ts',
];

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
          exclude: ['journeys/**', ...sharing, '**/node_modules/**'],
          globalSetup: ['harness/postgres.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sharing',
          include: sharing,
          globalSetup: ['harness/postgres.ts'],
          isolate: false,
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
