/**
 * The folder of a board as it is after days of running: enrolled, with clips and a signed plan on disk, so that the real
 * program can be started on it without a server.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { machineRandom } from '@loa/device-agent/edges/random.ts';
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { type Clip, type PlanItem, seal, topics } from '@loa/protocol/device';
import { encodeFile, speechLike, writeWav } from '../harness/sound.ts';
import { deviceId, identity, installation, signingKey } from './installation.ts';

export const heldClipSeconds = 2;

/** Makes it below `folder`; its one item starts at `atMs`, with whatever `more` says of it. Permitted at any hour. */
export async function heldBoard(
  folder: string,
  { name, atMs, more = {} }: { name: string; atMs: number; more?: Partial<PlanItem> },
): Promise<string> {
  const dir = join(folder, name);
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk, onDamaged: () => undefined });
  await settings.update((data) => {
    data.identity = identity;
  });
  const wav = await writeWav(join(folder, `${name}.wav`), speechLike({ seconds: heldClipSeconds, seed: 21 }));
  const ogg = join(folder, `${name}.ogg`);
  await encodeFile({ from: wav, to: ogg, options: ['-c:a', 'libopus', '-b:a', '48k'] });
  const bytes = await readFile(ogg);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const clip: Clip = {
    id: hash,
    durationMs: heldClipSeconds * 1_000,
    renditions: [{ format: 'ogg-opus', hash, sizeBytes: bytes.length }],
  };
  await disk.replace(`clips/${hash}`, bytes);
  const item: PlanItem = {
    occurrence: `alone@${Math.floor(atMs / 1000)}`,
    atMs,
    class: 'normal',
    clip: 0,
    repeat: { count: 1, gapMs: 0 },
    late: { kind: 'start', lateMsMax: 20_000 },
    resume: 'drop',
    lengthMsMax: 10_000,
    ...more,
  };
  const documents = await openDocuments({
    disk,
    settings,
    identity,
    clock: machineClock,
    random: machineRandom,
    now: () => ({ ms: Date.now(), trusted: true, boundMs: 1 }),
    refusals: {
      refused: (refusal) => {
        throw new Error(JSON.stringify(refusal));
      },
    },
    fetchBody: () => Promise.reject(new Error('no network')),
    onChange: () => undefined,
    onWritten: () => undefined,
    onDamaged: () => undefined,
  });
  const server = installation();
  const issuedAtMs = Date.now();
  const plan = server.plan({ issuedAtMs, expiresAtMs: issuedAtMs + 9 * 86_400_000, clips: [clip], items: [item] });
  const hours = {
    kind: 'hours',
    v: 1,
    aud: deviceId,
    epoch: 1,
    number: 99,
    issuedAt: new Date(issuedAtMs).toISOString(),
    timeZone: 'Asia/Ho_Chi_Minh',
    spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }],
    document: 'test',
  };
  const sealedHours = Buffer.from(seal({ payload: hours, key: signingKey, type: 'loa-document' }));
  for (const { topic, payload } of [server.keys(), plan, { topic: topics.hours(deviceId), payload: sealedHours }]) {
    const received = documents.receive(topic, payload);
    if (!received.ok) throw new Error(JSON.stringify(received));
  }
  await documents.written();
  documents.close();
  await disk.close();
  return dir;
}
