/**
 * The whole program as a bridge before an old station: its contact closes before the first sample and opens after the
 * last, as recorded; when it does not close the sound is sent all the same, and fault and outcome say what was felt.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRuns } from '@loa/demo/emitted.ts';
import { boardOf } from '@loa/device-agent/machine.ts';
import { readSettings } from '@loa/device-agent/settings.ts';
import { capabilitiesSchema } from '@loa/protocol/device';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heldBoard } from './held-board.ts';

const main = join(import.meta.dirname, '../../device-agent/src/main.ts');
const leadMs = 1_000;
const tailMs = 700;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-bridge-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each change of a small file, with the instant at which it was written. */
function watchWord(path: string): { changes: { word: string; atMs: number }[]; stop: () => void } {
  const changes: { word: string; atMs: number }[] = [];
  let isRunning = true;
  void (async () => {
    while (isRunning) {
      const word = (await readFile(path, 'utf8')).trim();
      const { mtimeMs } = await stat(path);
      if (word !== '' && word !== changes.at(-1)?.word) changes.push({ word, atMs: mtimeMs });
      await pause(20);
    }
  })();
  return {
    changes,
    stop: () => {
      isRunning = false;
    },
  };
}

async function air(name: string, { follows }: { follows: boolean }) {
  // A busy machine may start the program later than this; then the item is late, and the contact all the same in time.
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 7_000;
  const dir = await heldBoard(folder, { name, atMs, more: { late: { kind: 'start', lateMsMax: 60_000 } } });
  const contact = join(folder, `${name}-contact`);
  const feedback = follows ? contact : join(folder, `${name}-feedback`);
  for (const path of [contact, feedback]) await writeFile(path, '0\n');
  const watch = watchWord(contact);
  const { NODE_COMPILE_CACHE: _outer, NODE_OPTIONS: _options, ...outer } = process.env;
  const child = spawn(process.execPath, [main], {
    env: {
      ...outer,
      LOA_SERVER_URL: 'http://127.0.0.1:9',
      LOA_AGENT_DIR: dir,
      LOA_AGENT_PLAYER: 'file',
      LOA_AGENT_PROBES: 'loopback',
      LOA_AGENT_CLOCK: 'kept',
      LOA_DEVICE_KIND: 'bridge',
      LOA_CONTACT: `sysfs:${contact}`,
      LOA_CONTACT_LEAD_MS: String(leadMs),
      LOA_CONTACT_TAIL_MS: String(tailMs),
      LOA_CONTACT_FEEDBACK: `sysfs:${feedback}`,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece.toString()));
  const over = new Promise<number | null>((resolve) => child.on('close', resolve));
  const outbox = () => readFile(join(dir, 'outbox'), 'utf8').catch(() => '');
  for (let turn = 0; turn < 700 && !(await outbox()).includes('"ended"'); turn += 1) await pause(100);
  await pause(tailMs + 1_000);
  child.kill('SIGTERM');
  expect(await over, said).toBe(0);
  watch.stop();
  const runs = await readRuns(join(dir, 'sound'));
  const last = runs.at(-1);
  const endMs = (last?.atMs ?? 0) + (last?.samples ?? 0) / 48;
  return { atMs, changes: watch.changes, firstMs: runs[0]?.atMs ?? 0, endMs, outbox: await outbox(), said };
}

test('the contact encloses the sound, and a contact that does not close is a fault and no airing', async () => {
  const [good, broken] = await Promise.all([air('good', { follows: true }), air('broken', { follows: false })]);
  const [opened, closed, openedAgain, ...more] = good.changes;
  expect([opened?.word, closed?.word, openedAgain?.word]).toEqual(['0', '1', '0']);
  expect(more).toEqual([]);
  const beforeMs = good.firstMs - (closed?.atMs ?? 0);
  const afterMs = (openedAgain?.atMs ?? 0) - good.endMs;
  const offMs = good.firstMs - good.atMs;
  console.log(
    `contact closed ${beforeMs.toFixed(0)} ms before the first sample, opened ${afterMs.toFixed(0)} ms after the last; first sample ${offMs.toFixed(0)} ms from its instant`,
  );
  expect(beforeMs).toBeGreaterThanOrEqual(leadMs - 5);
  expect(beforeMs).toBeLessThan(leadMs + 3_000);
  expect(afterMs).toBeGreaterThanOrEqual(tailMs - 5);
  expect(afterMs).toBeLessThan(tailMs + 3_000);
  expect(good.outbox).toMatch(/"outcome":"confirmed".*"contactClosedMs":\d{4}/);
  expect(good.outbox).not.toContain('amplifier-failed');

  // What it was to send it has sent: whoever repairs the contact's feedback must not find a silent station as well.
  expect(broken.endMs - broken.firstMs).toBeGreaterThan(1_500);
  expect(broken.outbox).toMatch(/"code":"amplifier-failed".*"switch":"contact".*The contact does not close/);
  expect(broken.outbox).toMatch(/"outcome":"silent".*"contactClosedMs":0/);
}, 120_000);

test('a bridge says that it is one', () => {
  const read = readSettings({ LOA_DEVICE_KIND: 'bridge', LOA_CONTACT: 'sysfs:/sys/x/value' });
  if (!read.ok) throw new Error(read.reason);
  const { capabilities } = boardOf(read.settings, { stream: true, sensors: [], fitted: [] });
  expect(capabilitiesSchema.parse(capabilities)).toMatchObject({ deviceKind: 'bridge' });
});
