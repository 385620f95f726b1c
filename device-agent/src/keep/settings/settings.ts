/**
 * The small state that must never be lost: who this device is, and how far along the installation's sequence it has
 * come, so that nothing older is ever obeyed again. Lists belong elsewhere; the whole file is written each time.
 */
import { privateKeySchema, publicKeySchema, sequenceSchema } from '@loa/protocol/device';
import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import type { Settings, SettingsData } from '../../contracts.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import { sealedFile } from '../../edges/sealed-file.ts';

const settingsSchema: z.ZodType<SettingsData> = z.object({
  identity: z
    .object({
      deviceId: z.string(),
      clusterName: z.string(),
      serverUrl: z.string(),
      privateKey: privateKeySchema,
      rootKey: publicKeySchema,
    })
    .optional(),
  keyToEnrol: privateKeySchema.optional(),
  newest: z.object({ keys: z.int().min(0), documents: z.record(z.string(), sequenceSchema) }),
  clockFloor: z.object({ epoch: z.int().min(1), issuedMs: z.number() }),
});

/**
 * Opens or begins the settings. Damage of both copies leaves an empty state: the device must be enrolled again. Without
 * `onDamaged` they are only looked at, so that whoever tells of damage still finds it.
 */
export async function openSettings(parts: {
  disk: Disk;
  onDamaged?: ((damage: Damage) => void) | undefined;
}): Promise<Settings> {
  const file = sealedFile({
    disk: parts.disk,
    path: 'settings.json',
    copyPath: 'settings.copy.json',
    schema: settingsSchema,
    onDamaged: parts.onDamaged,
  });
  const adapter: Adapter<SettingsData> = { read: async () => (await file.read()) ?? null, write: file.write };
  const low = new Low<SettingsData>(adapter, {
    newest: { keys: 0, documents: {} },
    clockFloor: { epoch: 1, issuedMs: 0 },
  });
  await low.read();
  let writing: Promise<void> = Promise.resolve();
  let following: Promise<void> | undefined;

  /** One write at a time; changes made while it runs share the next. */
  function write(): Promise<void> {
    following ??= writing
      .catch(() => undefined)
      .then(() => {
        following = undefined;
        writing = low.write();
        return writing;
      });
    return following;
  }

  return {
    read: () => low.data,
    update(change) {
      change(low.data);
      return write();
    },
  };
}
