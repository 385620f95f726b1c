/**
 * The faults that are open, on disk, so that a restart neither forgets nor repeats them. Kept twice: a fault that is
 * forgotten here would stay open at the server for ever.
 */
import { reportEventSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { sealedFile } from '../edges/sealed-file.ts';

/** An open fault as it was reported. */
export type KeptFault = Extract<z.infer<typeof reportEventSchema>, { kind: 'fault-opened' }>;

/** Where they lie: written down also on a full disk, which is one of them. */
export const openFaultsPaths = ['open-faults.json', 'open-faults.copy.json'] as const;

const fileSchema = z.array(
  reportEventSchema.transform((event, context): KeptFault => {
    if (event.kind === 'fault-opened') return event;
    context.addIssue('not the report of a fault that opened');
    return z.NEVER;
  }),
);

/**
 * The file, and its copy. With both damaged, which is told, it reads as empty: what is still bad opens anew, what is not
 * stays open at the server for a person. Without `onDamaged` it is only looked at.
 */
export function openFaultsFile(
  disk: Disk,
  onDamaged?: (damage: Damage) => void,
): {
  read(): Promise<KeptFault[]>;
  write(open: readonly KeptFault[]): Promise<void>;
} {
  const file = sealedFile({
    disk,
    path: openFaultsPaths[0],
    copyPath: openFaultsPaths[1],
    schema: fileSchema,
    onDamaged,
  });
  return {
    read: async () => (await file.read()) ?? [],
    write: (open) => file.write([...open]),
  };
}
