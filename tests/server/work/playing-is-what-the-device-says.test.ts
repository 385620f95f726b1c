/** The picture says that something plays only while the device does not say otherwise. */
import { phaseOf } from '@loa/server/work/roster/picture.ts';
import { expect, test } from 'vitest';

type Target = Parameters<typeof phaseOf>[0];

function target(row: { phase: string; outcome: string | null }, live: string | undefined): Target {
  return { row, live: live === undefined ? undefined : { phase: live } } as unknown as Target;
}

test.each([
  ['started, nothing told since', 'playing', undefined, 'playing'],
  ['started, in the gap between two plays', 'playing', 'ready', 'playing'],
  ['started, and the output has gone', 'playing', 'queued', 'queued'],
  ['told to sound before the report came', 'queued', 'playing', 'playing'],
  ['not started', 'queued', 'ready', 'ready'],
])('%s', (_name, row, live, expected) => {
  expect(phaseOf(target({ phase: row, outcome: null }, live))).toBe(expected);
});
