/** A test that cannot fail is a defect: each broken build must turn the check of the promise it breaks red. */
import { expect, test } from 'vitest';
import { brokenBuilds, nightPlanner } from './broken-builds.ts';
import { runScene, type Scene, scenes } from './gauntlet.ts';

const names = Object.keys(scenes).filter((name): name is Scene => name in scenes);

test.each(names)('the build as it is comes through: %s', async (scene) => {
  expect(await runScene(scene, {})).toEqual([]);
});

test.each(brokenBuilds.map((build) => [build.breaks, build.name, build] as const))(
  '%s: %s is caught',
  async (promise, _name, build) => {
    expect((await runScene(build.scene, build)).map((breach) => breach.promise)).toContain(promise);
  },
);

test('every promise that is judged here has a build that breaks it', () => {
  const broken = new Set(brokenBuilds.map(({ breaks }) => breaks));
  expect([...broken].sort()).toEqual(['P1', 'P12', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9']);
});

test('a server that plans for the night does not make boards sound that judge the hours by themselves', async () => {
  const breaches = await runScene('evening', nightPlanner);
  expect(breaches.filter(({ promise }) => promise === 'P8')).toEqual([]);
});
