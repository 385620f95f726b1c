/** What a person does with bulletins in a journey: makes a sound, airs it, waits for how it ended. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AiringView, ClipView } from '@loa/protocol/panel';
import type { ApiClient } from './api-client.ts';
import { decodeMono, encodeFile, type Sound, writeWav } from './sound.ts';
import { eventually } from './town.ts';

/** The zone of every test town. */
const timeZone = 'Asia/Ho_Chi_Minh';

/** An MP3 file of a sound, as an office would upload it. */
export async function mp3Of(sound: Sound): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-mp3-'));
  try {
    await writeWav(join(folder, 'sound.wav'), [sound]);
    await encodeFile({ from: join(folder, 'sound.wav'), to: join(folder, 'sound.mp3'), options: ['-b:a', '128k'] });
    return await readFile(join(folder, 'sound.mp3'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uploads a sound as MP3 and gives the prepared clip. */
export async function uploadSound(person: ApiClient, sound: Sound, name: string): Promise<ClipView> {
  const uploaded = await person.upload(await mp3Of(sound), `${name}.mp3`);
  if (!uploaded.ok) throw new Error(`${name} was refused: ${uploaded.problem.en}`);
  return uploaded.value;
}

/** What the panel lets a person hear before airing. */
export async function previewOf(person: ApiClient, clip: ClipView): Promise<Sound> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-preview-'));
  try {
    const response = await person.raw('previewClip', { params: { id: clip.id } });
    await (await import('node:fs/promises')).writeFile(
      join(folder, 'preview.mp3'),
      Buffer.from(await response.arrayBuffer()),
    );
    return await decodeMono(join(folder, 'preview.mp3'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The civil date and time, to the second, that lies `afterMs` from now; and its instant. */
export function soon(afterMs: number): { date: string; time: string; atMs: number } {
  const instant = Temporal.Instant.fromEpochMilliseconds(Math.ceil((Date.now() + afterMs) / 1000) * 1000);
  const civil = instant.toZonedDateTimeISO(timeZone);
  return {
    date: civil.toPlainDate().toString(),
    time: civil.toPlainTime().toString({ smallestUnit: 'second' }),
    atMs: instant.epochMilliseconds,
  };
}

/** An id for a request, new each time. */
export function requestId(): string {
  return crypto.randomUUID();
}

/** Waits until every target of an occurrence has its outcome, and gives the airing. */
export async function endedAiring(person: ApiClient, occurrence: string, withinMs: number): Promise<AiringView> {
  const read = (): Promise<AiringView> => person.call('airing', { params: { id: occurrence } });
  await eventually(async () => {
    const { targets } = await read();
    return targets.length > 0 && targets.every((target) => target.outcome !== undefined);
  }, withinMs);
  return read();
}

/** Waits until a target is in a phase. */
export async function untilPhase(
  person: ApiClient,
  options: { occurrence: string; clusterIds: readonly string[]; phase: string; withinMs: number },
): Promise<boolean> {
  return eventually(
    async () => {
      const { targets } = await person.call('airing', { params: { id: options.occurrence } });
      return options.clusterIds.every((id) =>
        targets.some((target) => target.clusterId === id && target.phase === options.phase),
      );
    },
    options.withinMs,
    150,
  );
}
