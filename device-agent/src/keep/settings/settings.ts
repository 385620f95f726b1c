/**
 * The small state that must never be lost: who this device is, and how far along the installation's sequence it has
 * come, so that nothing older is ever obeyed again. Lists belong elsewhere; the whole file is written each time.
 */
import { privateKeySchema, publicKeySchema, sequenceSchema } from '@loa/protocol/device';
import { Low } from 'lowdb';
import { z } from 'zod';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import { sealedFile } from './sealed-file.ts';

const identitySchema = z.object({
  deviceId: z.string(),
  clusterName: z.string(),
  /** Where this device was enrolled; a change of address needs no new enrolment. */
  serverUrl: z.string(),
  privateKey: privateKeySchema,
  rootKey: publicKeySchema,
});
/** Who this device is, since its enrolment. */
export type Identity = z.infer<typeof identitySchema>;

const settingsSchema = z.object({
  identity: identitySchema.optional(),
  /** Made before enrolment is asked for, so that a repeated try is known by the server as the same device. */
  keyToEnrol: privateKeySchema.optional(),
  /** Newest numbers ever in force: nothing older is accepted, also when the document itself was lost. */
  newest: z.object({
    keys: z.int().min(0),
    /** By slot: `plan`, `hours`, `orders-<device or area id>`. */
    documents: z.record(z.string(), sequenceSchema),
  }),
  /** Newest verified issue time, epoch ms, and the epoch of its document: the least that the time can be. */
  clockFloor: z.object({ epoch: z.int().min(1), issuedMs: z.number() }),
});
/** All of it. */
export type SettingsData = z.infer<typeof settingsSchema>;

export interface Settings {
  /** The present values; never changed by the reader. */
  read(): Readonly<SettingsData>;
  /** Durable when it resolves. After a rejection the change still holds in memory and goes with the next write. */
  update(change: (data: SettingsData) => void): Promise<void>;
}

/** Opens or begins the settings. Damage of both copies leaves an empty state: the device must be enrolled again. */
export async function openSettings(parts: { disk: Disk; onDamaged: (damage: Damage) => void }): Promise<Settings> {
  const adapter = sealedFile({
    disk: parts.disk,
    path: 'settings.json',
    previousPath: 'settings.previous.json',
    schema: settingsSchema,
    onDamaged: parts.onDamaged,
  });
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
