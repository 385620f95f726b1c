/** P1: a write that has resolved survives kill -9 of the process at any instant. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { makeLocation, openForTest } from '../../harness/stores.ts';

describe.each(['sqlite-threads', 'postgres'] as const)('on %s', (kind) => {
  test('kill -9 right after a resolved write loses nothing, and leaves no half of a write', async () => {
    const location = await makeLocation(kind);
    for (const killAfter of [1, 40]) {
      const told = await writeUntilKilled(location, killAfter);
      const store = await openForTest(location);
      const rows = await store.read((db) => db.selectFrom('audit').select(['target', 'detail']).execute());
      const kept = new Map<string, string[]>();
      for (const row of rows) kept.set(row.target, [...(kept.get(row.target) ?? []), row.detail]);
      expect(told.length).toBeGreaterThanOrEqual(killAfter);
      for (const target of told) expect(kept.get(target)?.sort()).toEqual(['first', 'second']);
      for (const halves of kept.values()) expect(halves).toHaveLength(2);
      await store.close();
    }
  });
});

/** Starts a process that writes without pause, kills it, and gives back the writes it had been promised. */
async function writeUntilKilled(location: object, killAfter: number): Promise<string[]> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/endless-writer.ts`, JSON.stringify(location)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === killAfter) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return told;
}
