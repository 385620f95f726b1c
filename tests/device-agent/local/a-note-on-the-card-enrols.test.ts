/**
 * A part-time officer enrols a board with a file: however it was typed, whatever editor wrote it. What cannot be used is
 * said, not guessed; the code is taken off the card afterwards, or never used again.
 */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Card, type CardFile, machineCard } from '@loa/device-agent/edges/card.ts';
import { type Attempted, createArrival } from '@loa/device-agent/work/arrival/arrival.ts';
import { cardEveryMs, readCardNote, tidyCard, watchCard } from '@loa/device-agent/work/arrival/card-note.ts';
import { type Invitation, noteText, readNote } from '@loa/device-agent/work/arrival/enrol-note.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const good: Invitation = { serverUrl: 'https://loa.example', claimCode: '7KQ2MX4T9D' };
const card = ['/boot/loa-enrol.txt'];
const plain = 'server=https://loa.example\ncode=7KQ2M-X4T9D\n';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-card-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['two lines', plain],
  ['lines of Windows and a byte order mark', `\uFEFF${plain.replaceAll('\n', '\r\n')}`],
  ['blanks everywhere', '  server =  https://loa.example  \n\n   code =  7KQ2M X4T9D  '],
  ['another case', 'SERVER=HTTPS://loa.example\nCode=7kq2m-x4t9d'],
  ['colons', 'server: https://loa.example\ncode: 7KQ2M-X4T9D'],
  ['quotes', 'server="https://loa.example"\ncode=“7KQ2M-X4T9D”'],
  ['Vietnamese names', 'Máy chủ = loa.example\nMã đăng ký = 7KQ2M–X4T9D'],
  ['a comment', `# Cụm loa thôn 1\n${plain}`],
  ['no names at all', 'https://loa.example\n7KQ2M-X4T9D'],
  ['JSON', '{ "server": "https://loa.example", "code": "7KQ2M-X4T9D", "note": 1 }'],
  ['the link of a QR code', 'http://10.42.0.1/enrol#code=7KQ2M-X4T9D&server=https%3A%2F%2Floa.example'],
  ['the other order', 'code=7KQ2MX4T9D\nserver=https://loa.example/'],
])('%s', (_how, text) => {
  expect(readNote(text)).toEqual({ ok: true, invitation: good });
});

test('letters that look alike are read as the digits they are meant to be', () => {
  expect(readNote('code=OKQ2M-XIL9D', { knownServer: 'https://loa.example' })).toMatchObject({
    invitation: { claimCode: '0KQ2MX119D' },
  });
});

test.each([
  ['', 'no-code'],
  ['server=https://loa.example', 'no-code'],
  ['server=https://loa.example\ncode=7KQ2M', 'bad-code'],
  ['code=7KQ2M-X4T9D', 'no-server'],
  ['server=https://\ncode=7KQ2M-X4T9D', 'bad-server'],
  ['server=ftp://loa.example\ncode=7KQ2M-X4T9D', 'bad-server'],
  ['server=https://a:b@loa.example\ncode=7KQ2M-X4T9D', 'bad-server'],
  ['server=http://loa.example\ncode=7KQ2M-X4T9D', 'not-secret'],
  ['server=http://8.8.8.8\ncode=7KQ2M-X4T9D', 'not-secret'],
  ['{ "server": "https://loa', 'no-code'],
  [`${plain}${'x'.repeat(5_000)}`, 'note-too-long'],
])('%j is said to be wrong: %s', (text, problem) => {
  expect(readNote(text)).toEqual({ ok: false, problem });
});

test('plain HTTP is for the own network only', () => {
  for (const server of ['http://127.0.0.1:8080', 'http://192.168.1.5', 'http://172.20.0.2', 'http://[::1]:80'])
    expect(readNote(`server=${server}\ncode=7KQ2MX4T9D`)).toMatchObject({ ok: true });
});

test('whatever bytes lie there, nothing breaks and nothing but a code comes out', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const read = readNote(noteText(bytes) ?? '', { knownServer: 'https://loa.example' });
      if (read.ok) expect(read.invitation.claimCode).toMatch(/^[0-9A-Z]{10}$/);
    }),
  );
  expect(noteText(Buffer.from(`\uFEFF${plain}`, 'utf16le'))).toContain('code=7KQ2M-X4T9D');
  expect(noteText(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]))).toBeUndefined();
});

/** A card in memory; one that is read-only takes nothing. */
function memoryCard(files: Record<string, string>, { isReadOnly = false } = {}): Card & { files: typeof files } {
  return {
    files,
    async read(path): Promise<CardFile> {
      const text = files[path];
      return text === undefined ? { kind: 'none' } : { kind: 'here', bytes: Buffer.from(text) };
    },
    async write(path, text) {
      if (isReadOnly) return false;
      files[path] = text;
      return true;
    },
  };
}

test('the code is taken off the card once it is used, and the file can be used again for another', async () => {
  const disk = simulatedDisk({ fraction: () => 0 });
  const parts = { card: memoryCard({ [card[0] ?? '']: plain }), disk, paths: card };
  expect(await readCardNote(parts)).toMatchObject({ kind: 'invitation', invitation: good });
  expect(await tidyCard(parts)).toEqual([{ path: card[0], isBlanked: true }]);
  const left = parts.card.files[card[0] ?? ''];
  expect(left).not.toMatch(/7KQ2M|X4T9D/);
  expect(left).toContain('https://loa.example');
  expect(await readCardNote(parts)).toEqual({ kind: 'none' });
  expect(await tidyCard(parts)).toEqual([]);
  parts.card.files[card[0] ?? ''] = `${left}code=00000-00000`;
  expect(await readCardNote(parts)).toMatchObject({ kind: 'invitation', invitation: { claimCode: '0000000000' } });
});

test('on a card that cannot be written the code is remembered as used', async () => {
  const disk = simulatedDisk({ fraction: () => 0 });
  const parts = { card: memoryCard({ [card[0] ?? '']: plain }, { isReadOnly: true }), disk, paths: card };
  expect(await tidyCard(parts)).toEqual([{ path: card[0], isBlanked: false }]);
  expect(await readCardNote(parts)).toEqual({ kind: 'none' });
  expect(await tidyCard(parts)).toEqual([]);
});

function arrivalOn(clock: ReturnType<typeof manualClock>, answers: (Attempted | 'hangs')[]) {
  const tried: string[] = [];
  let enrolled = 0;
  const arrival = createArrival({
    clock,
    random: { fraction: () => 0, bytes: (count) => new Uint8Array(count) },
    onEnrolled: () => (enrolled += 1),
    log: () => undefined,
  });
  const received = arrival.receive(async ({ claimCode }) => {
    tried.push(claimCode);
    const answer = answers.shift();
    return answer === undefined || answer === 'hangs' ? new Promise<Attempted>(() => undefined) : answer;
  });
  return { arrival, received, tried, enrolled: () => enrolled };
}

test('a board that waits takes what is put on its card, says what is wrong with it, and tries no code twice', async () => {
  const clock = manualClock({ wallMs: 0 });
  const files: Record<string, string> = {};
  const parts = { card: memoryCard(files), disk: simulatedDisk({ fraction: () => 0 }), paths: card };
  const { arrival, received, tried, enrolled } = arrivalOn(clock, [
    { ok: false, reason: 'unknown code', isFinal: true },
    { ok: false, reason: 'no route', isFinal: false },
    { ok: true, keys: 'keys' },
  ]);
  const watch = watchCard({
    ...parts,
    clock,
    onInvitation: (invitation) => arrival.offer(invitation).ok,
    onProblem: arrival.note,
  });
  await clock.advance(cardEveryMs);
  expect(arrival.state()).toEqual({ phase: 'waiting' });
  files[card[0] ?? ''] = 'server=https://loa.example';
  await clock.advance(cardEveryMs);
  expect(arrival.state()).toEqual({ phase: 'refused', problem: 'no-code' });
  files[card[0] ?? ''] = 'server=https://loa.example\ncode=00000-00000';
  await clock.advance(5 * cardEveryMs);
  expect(arrival.state()).toMatchObject({ phase: 'refused', problem: 'refused', detail: 'unknown code' });
  expect(tried).toEqual(['0000000000']);
  files[card[0] ?? ''] = plain;
  await clock.advance(cardEveryMs);
  await clock.advance(cardEveryMs);
  expect(await received).toEqual({ keys: 'keys' });
  expect(tried).toEqual(['0000000000', '7KQ2MX4T9D', '7KQ2MX4T9D']);
  expect(arrival.state()).toEqual({ phase: 'enrolled' });
  expect(enrolled()).toBe(1);
  expect(arrival.offer(good)).toEqual({ ok: false, reason: 'enrolled' });
  watch.stop();
});

test('a new invitation replaces one whose server never answers, but not in the middle of a question', async () => {
  const clock = manualClock({ wallMs: 0 });
  const { arrival, tried } = arrivalOn(clock, [{ ok: false, reason: 'no such host', isFinal: false }, 'hangs']);
  arrival.offer({ ...good, claimCode: 'AAAAAAAAAA' });
  await settle();
  expect(arrival.state()).toMatchObject({ phase: 'trying', problem: 'not-reached' });
  expect(arrival.offer(good)).toEqual({ ok: true });
  await settle();
  expect(tried).toEqual(['AAAAAAAAAA', '7KQ2MX4T9D']);
  expect(arrival.offer(good)).toEqual({ ok: false, reason: 'busy' });
});

test('a real card: a folder, an endless device or a missing file in its place is a value, not a crash', async () => {
  const path = join(folder, 'loa-enrol.txt');
  expect(await machineCard.read(path, 100)).toEqual({ kind: 'none' });
  await writeFile(path, plain);
  expect(await machineCard.read(path, 10)).toMatchObject({ bytes: { length: 11 } });
  expect(await machineCard.write(path, 'code=')).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('code=');
  await mkdir(join(folder, 'folder.txt'));
  await symlink('/dev/zero', join(folder, 'zero.txt'));
  for (const name of ['folder.txt', 'zero.txt'])
    expect(await machineCard.read(join(folder, name), 100)).toMatchObject({ kind: 'unreadable' });
  expect(await machineCard.write(join(folder, 'folder.txt'), 'x')).toBe(false);
});
