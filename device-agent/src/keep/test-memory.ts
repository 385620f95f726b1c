/**
 * Which tests of the sound path were made, so that each is made once whatever restarts or is replayed. Written before
 * the test sounds. Bounded: the oldest that are told are forgotten; an order's number keeps older ones out.
 */
import { reportEventSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { TestedEvent, TestMemory, TestRecord } from '../contracts.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { openRecordFile } from '../edges/record-file.ts';

/** Eight orders can be in force at once, and a test is made each night. */
export const testsRemembered = 64;

const test = z.string().max(80);
const eventSchema = reportEventSchema.transform((event, context): TestedEvent => {
  if (event.kind === 'tested') return event;
  context.addIssue('not the report of a test');
  return z.NEVER;
});
const recordSchema: z.ZodType<TestRecord> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begun'),
    test,
    order: z.string().max(64).optional(),
    form: z.enum(['silent', 'audible']),
    atMs: z.int(),
  }),
  z.object({ kind: z.literal('ended'), test, event: eventSchema }),
  z.object({ kind: z.literal('told'), test }),
]);

export async function openTestMemory(parts: { disk: Disk; onDamaged: (damage: Damage) => void }): Promise<TestMemory> {
  const { file, damage } = await openRecordFile({ disk: parts.disk, path: 'tests', schema: recordSchema });
  if (damage !== undefined) parts.onDamaged(damage);
  return {
    records: () => file.records(),
    async append(record) {
      await file.append(record);
      const names = new Set(file.records().map((one) => one.test));
      if (names.size <= 2 * testsRemembered) return;
      const kept = new Set([...names].slice(-testsRemembered));
      // A disk that refuses keeps the longer file.
      await file.rewrite((records) => records.filter((one) => kept.has(one.test))).catch(() => undefined);
    },
  };
}
