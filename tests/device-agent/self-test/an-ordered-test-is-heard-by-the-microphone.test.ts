/**
 * The whole program with a microphone beside its horn: a test it is ordered to make sounds, is heard, and is reported;
 * and no sample of the recording is left anywhere. The horn is the file player's record, the microphone a program that
 * gives what was recorded last, softer, as air does.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { machineRandom } from '@loa/device-agent/edges/random.ts';
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { seal, type TestOrder, topics } from '@loa/protocol/device';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceId, identity, installation, signingKey } from '../installation.ts';

const main = join(import.meta.dirname, '../../../device-agent/src/main.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-ordered-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gives what the horn's record got since it last looked, a quarter as loud over a hiss, in real time; keeps a copy. */
const air = (record: string, copy: string) => `#!${process.execPath}
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
let offset = 0;
try { const file = openSync(${JSON.stringify(record)}, 'r'); offset = Math.max(0, fstatSync(file).size - 9600); closeSync(file); } catch {}
let waiting = Buffer.alloc(0);
const began = performance.now();
let given = 0;
setInterval(() => {
  try {
    const file = openSync(${JSON.stringify(record)}, 'r');
    const bytes = Buffer.alloc(192000);
    const read = readSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
    offset += read;
    waiting = Buffer.concat([waiting, bytes.subarray(0, read)]);
  } catch {}
  const due = Math.floor((performance.now() - began) * 48) - given;
  const piece = Buffer.alloc(due * 2);
  for (let i = 0; i < due; i += 1) {
    const heard = i * 2 + 1 < waiting.length ? waiting.readInt16LE(i * 2) * 0.25 : 0;
    piece.writeInt16LE(Math.round(heard + (Math.random() - 0.5) * 20), i * 2);
  }
  waiting = waiting.subarray(Math.min(waiting.length - (waiting.length % 2), due * 2));
  given += due;
  appendFileSync(${JSON.stringify(copy)}, piece);
  process.stdout.write(piece);
}, 20);
`;

async function enrolledWith(order: TestOrder): Promise<string> {
  const dir = join(folder, 'board');
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk, onDamaged: () => undefined });
  await settings.update((data) => {
    data.identity = identity;
  });
  const documents = await openDocuments({
    disk,
    settings,
    identity,
    clock: machineClock,
    random: machineRandom,
    now: () => ({ ms: Date.now(), trusted: true, boundMs: 1 }),
    refusals: { refused: (refusal) => expect.unreachable(JSON.stringify(refusal)) },
    fetchBody: () => Promise.reject(new Error('no network')),
    onChange: () => undefined,
    onWritten: () => undefined,
    onDamaged: () => undefined,
  });
  const server = installation();
  const issuedAtMs = Date.now();
  const hours = {
    ...{ kind: 'hours', v: 1, aud: deviceId, epoch: 1, number: 99, document: 'test', timeZone: 'Asia/Ho_Chi_Minh' },
    issuedAt: new Date(issuedAtMs).toISOString(),
    spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }],
  };
  const payload = Buffer.from(seal({ payload: hours, key: signingKey, type: 'loa-document' }));
  for (const one of [
    server.keys(),
    { topic: topics.hours(deviceId), payload },
    server.orders({ orders: [order], issuedAtMs }),
  ])
    expect(documents.receive(one.topic, one.payload)).toMatchObject({ ok: true });
  await documents.written();
  documents.close();
  await disk.close();
  return dir;
}

test('an ordered test sounds, is heard, is reported once, and leaves no sample of the recording', async () => {
  const nowMs = Date.now();
  const [issuedAt, expiresAt] = [new Date(nowMs).toISOString(), new Date(nowMs + 600_000).toISOString()];
  const dir = await enrolledWith({ kind: 'test', id: 'thu-loa-1', form: 'audible', issuedAt, expiresAt });
  const [recorder, copy] = [join(folder, 'air.mjs'), join(folder, 'recorded.pcm')];
  await writeFile(recorder, air(join(dir, 'sound', 'emitted.pcm'), copy));
  await chmod(recorder, 0o755);
  const { NODE_COMPILE_CACHE: _outer, NODE_OPTIONS: _options, ...outer } = process.env;
  const agent = spawn(process.execPath, [main], {
    env: {
      ...outer,
      LOA_SERVER_URL: 'http://127.0.0.1:9',
      LOA_AGENT_DIR: dir,
      LOA_AGENT_PLAYER: 'file',
      LOA_AGENT_PROBES: 'microphone',
      LOA_MICROPHONE: `command:${recorder}`,
      LOA_AGENT_CLOCK: 'kept',
    },
  });
  let said = '';
  for (const stream of [agent.stdout, agent.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const ended = new Promise<number | null>((resolve) => agent.on('close', resolve));
  const outbox = () => readFile(join(dir, 'outbox'), 'utf8').catch(() => '');
  const giveUpMs = performance.now() + 60_000;
  while (!(await outbox()).includes('"tested"') && performance.now() < giveUpMs)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const line = (await outbox()).split('\n').find((one) => one.includes('"tested"')) ?? '';
  agent.kill('SIGTERM');
  expect(await ended).toBe(0);
  const event = JSON.parse(line.slice(9) || '{}').report?.event;
  console.log(JSON.stringify(event));
  expect(event, said).toMatchObject({ order: 'thu-loa-1', form: 'audible', evidence: { probe: 'microphone' } });
  // A machine so busy that the recorder starts too late has heard too little to tell, and says that.
  if (event.evidence.heardMs !== undefined)
    console.warn(`LEFT OUT: the recorder gave only ${event.evidence.heardMs} ms`);
  else expect(event.verdict).toBe('sound');

  const recorded = await readFile(copy);
  expect(recorded.length).toBeGreaterThan(50_000);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    // The horn's own record, the test's signal and the compiled program are not the microphone's.
    if (
      !entry.isFile() ||
      /\/(sound|tests-sound|compiled)$/.test(entry.parentPath) ||
      entry.parentPath.includes('/compiled')
    )
      continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    for (let from = 0; from + 16 <= recorded.length; from += 4_800)
      expect(content.includes(recorded.subarray(from, from + 16)), entry.name).toBe(false);
  }
});
