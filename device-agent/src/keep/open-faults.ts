/** The faults that are open, on disk, so that a restart neither forgets nor repeats them. One small file, replaced whole. */
import { reportEventSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { Disk } from '../edges/disk.ts';

/** An open fault as it was reported. */
export type KeptFault = Extract<z.infer<typeof reportEventSchema>, { kind: 'fault-opened' }>;

const path = 'open-faults.json';
const fileSchema = z.array(reportEventSchema);

/** A damaged file reads as empty: what is still bad opens anew, what is not stays open at the server for a person. */
export function openFaultsFile(disk: Disk): {
  read(): Promise<KeptFault[]>;
  write(open: readonly KeptFault[]): Promise<void>;
} {
  return {
    async read() {
      const bytes = await disk.read(path).catch(() => undefined);
      if (bytes === undefined) return [];
      try {
        const events = fileSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
        return events.filter((event): event is KeptFault => event.kind === 'fault-opened');
      } catch {
        return [];
      }
    },
    write: (open) => disk.replace(path, JSON.stringify(open)),
  };
}
