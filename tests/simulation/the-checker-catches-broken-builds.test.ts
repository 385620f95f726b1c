/** A test that cannot fail is a defect: each broken build must turn the check of the promise it breaks red. */
import { expect, test } from 'vitest';
import { brokenBuilds } from './broken-builds.ts';
import { runGauntlet } from './gauntlet.ts';

test('the build as it is comes through', async () => {
  expect(await runGauntlet({})).toEqual([]);
});

test.each(brokenBuilds.map((build) => [build.name, build] as const))('%s is caught', async (_name, build) => {
  const breaches = await runGauntlet(build);
  expect(breaches.map(({ promise }) => promise)).toContain(build.breaks);
});
