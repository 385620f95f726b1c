/** From pressing "play now" to the first sample at each of the 12 clusters, on the running town, beside what cannot be avoided. */
import { spawnSync } from 'node:child_process';
import { occurrenceId } from '@loa/schedules';
import { endedAiring, requestId, uploadSound } from '../harness/bulletins.ts';
import { firstSoundMs, heardBetween } from '../harness/pole.ts';
import { ffmpegForTests, speechLike } from '../harness/sound.ts';
import type { TestTown } from '../harness/town.ts';

/** Each round airs a clip that no device has yet, so that its download is part of the figure. */
export async function measurePlayNow(
  test: TestTown,
  rounds: number,
): Promise<{ firstSampleMs: number[]; floorMs: number }> {
  const firstSampleMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const clip = await uploadSound(test.department, speechLike({ seconds: 3, seed: 900 + round }), `bench ${round}`);
    const pressedMs = Date.now();
    const bulletin = await test.department.call('acceptBulletin', {
      body: {
        requestId: requestId(),
        class: 'priority',
        title: `Bench ${round}`,
        clipId: clip.id,
        areaIds: ['p68'],
        whens: [{ kind: 'now' }],
      },
    });
    const atMs = Temporal.Instant.from(bulletin.nowAt ?? '').epochMilliseconds;
    const { targets } = await endedAiring(test.department, occurrenceId(bulletin.id, atMs), 60_000);
    for (const { clusterId } of targets) {
      const heard = await heardBetween(test.town.soundDir(clusterId), {
        fromMs: pressedMs,
        untilMs: pressedMs + 20_000,
      });
      firstSampleMs.push((firstSoundMs(heard) ?? Number.NaN) - pressedMs);
    }
  }
  return { firstSampleMs, floorMs: await unavoidableMs(test) };
}

async function unavoidableMs(test: TestTown): Promise<number> {
  const { ffmpegPath } = await ffmpegForTests();
  const fromMs = performance.now();
  await fetch(`${test.town.url}/api/health`);
  spawnSync(ffmpegPath, ['-version']);
  return performance.now() - fromMs;
}
