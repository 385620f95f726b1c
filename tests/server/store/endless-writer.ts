/**
 * A process that writes pairs of rows, several at a time, and names each on its output once it was promised, until it
 * is killed. Started by `accepted-means-kept.test.ts` with a store location as JSON.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openStore } from '@loa/server/keep/store/open-store.ts';
import { auditLine } from './town.ts';

const store = await openStore(JSON.parse(process.argv[2] ?? '{}'));

async function writeForEver(): Promise<void> {
  for (;;) {
    const target = randomUUID();
    await store.write(async (tx) => {
      await tx
        .insertInto('audit')
        .values({ ...auditLine(target), detail: 'first' })
        .execute();
      await tx
        .insertInto('audit')
        .values({ ...auditLine(target), detail: 'second' })
        .execute();
    });
    writeSync(1, `${target}\n`);
  }
}

await Promise.all([1, 2, 3, 4].map(writeForEver));
