/** Two communes that make the very same sound have it both, each under its own title; nobody learns of the other. */
import { expect, test } from 'vitest';
import { bulletin, good, openWorkTown, people, refused } from './work-town.ts';

test('each maker lists, hears and airs it under the own title', async () => {
  const town = await openWorkTown();
  await town.store.write((tx) => tx.deleteFrom('clip_makers').execute());
  const { desk } = town.work;
  const first = good(await desk.makeSpeech(people.officer, { text: 'Mời bà con', title: 'Mời họp' }));
  const second = good(await desk.keepUpload(people.neighbour, { path: '/tmp/x', title: 'Bản của Hàm Đức' }));
  expect(second.id).toBe(first.id);
  expect((await desk.listClips(people.officer)).map(({ title, text }) => [title, text])).toEqual([
    ['Mời họp', 'Mời bà con'],
  ]);
  expect((await desk.listClips(people.neighbour)).map(({ title, text }) => [title, text])).toEqual([
    ['Bản của Hàm Đức', undefined],
  ]);
  expect(refused(await desk.acceptBulletin(people.neighbour, bulletin({ areaIds: ['duc'] })))).toBe('accepted');
  expect(refused(await desk.previewOf(people.neighbour, first.id))).toBe('accepted');
});

test('a bulletin from above is heard below without its maker’s words', async () => {
  const town = await openWorkTown();
  await town.store.write((tx) => tx.deleteFrom('clip_makers').execute());
  const { desk } = town.work;
  const clip = good(await desk.makeSpeech(people.neighbour, { text: 'Chuyện riêng của Hàm Đức', title: 'Riêng' }));
  const request = bulletin({ areaIds: ['thang'], title: 'Từ tỉnh' });
  good(await desk.acceptBulletin(people.department, { ...request, class: 'priority' }));
  expect(refused(await desk.previewOf(people.officer, clip.id))).toBe('accepted');
  const [listed] = await desk.listBulletins(people.officer);
  expect(listed?.clip).toMatchObject({ title: 'Từ tỉnh' });
  expect(listed?.clip.text).toBeUndefined();
});
