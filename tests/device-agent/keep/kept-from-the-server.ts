/** The kept files that the server can bring again: signed documents, clips, releases. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { openClipShelf } from '@loa/device-agent/keep/clips/clip-shelf.ts';
import { type ClipSource, fetchFile } from '@loa/device-agent/keep/clips/fetch-clip.ts';
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openReleaseShelf } from '@loa/device-agent/keep/releases/release-shelf.ts';
import { programPath, type Slots, sha256Of, type Trial } from '@loa/device-agent/keep/releases/slots.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { areaId, clipOf, emergency, identity, installation, issuedMs, keyOf, signingKey } from '../installation.ts';
import type { KeptFile } from './kept-files.ts';

const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(7) };
const now = { ms: issuedMs, trusted: true, boundMs: 10 };

const server = installation();
const fetched = server.plan({ byHash: true, number: 9 });
const messages = [
  server.keys(),
  server.plan({ number: 1 }),
  server.hours(),
  server.orders({ orders: [emergency('lu')] }),
  server.orders({ area: areaId }),
  fetched,
  server.keys({ number: 2, keys: [signingKey, keyOf(5)] }),
];
/** What a broker has retained at the end. */
const retained = [messages[6], messages[5], messages[2], messages[3], messages[4]];

export const keptDocuments: KeptFile = {
  name: 'signed documents: keys, plan head and body, hours, orders',
  folder: 'documents/',
  rotCosts: 'until the server repeats',
  async open(disk, onDamaged) {
    const settings = await openSettings({ disk, onDamaged });
    let isReachable = false;
    const opened = await openDocuments({
      disk,
      settings,
      identity,
      clock: manualClock({ wallMs: issuedMs }),
      random,
      now: () => now,
      refusals: { refused: () => undefined },
      async fetchBody() {
        if (!isReachable) throw new Error('no network');
        return Buffer.from(fetched.bodyText);
      },
      onChange: () => undefined,
      onWritten: () => undefined,
      onDamaged,
    });
    await opened.written();
    async function give(message: (typeof messages)[number] | undefined): Promise<void> {
      if (message === undefined) throw new Error('No message');
      isReachable = true;
      opened.receive(message.topic, message.payload);
      opened.retryBody();
      await settle();
      await opened.written();
    }
    return {
      state: () =>
        JSON.stringify({
          holds: { ...opened.holds(), orders: Object.entries(opened.holds().orders).sort() },
          plan: opened.plan()?.head.number,
          body: opened.plan()?.body,
          zone: opened.hours()?.timeZone,
          orders: opened.orders().map(({ order }) => order.id),
        }),
      steps: messages.map((message) => () => give(message)),
      async repeat() {
        for (const message of retained) await give(message);
      },
    };
  },
};

const clips = [0, 1].map((seed) => {
  const bytes = new Uint8Array(300).map((_, index) => (index * 31 + seed * 7) % 251);
  return { bytes, clip: clipOf(bytes) };
});

/** A server that goes on where it is asked to. */
const sourceOf =
  (files: ReadonlyMap<string, Uint8Array>, isReachable: () => boolean): ClipSource =>
  async ({ hash, fromBytes, onChunk }) => {
    const bytes = files.get(hash);
    if (bytes === undefined || !isReachable()) throw new Error('no network');
    const status = fromBytes > 0 ? 206 : 200;
    const headers: Record<string, string> =
      fromBytes > 0 ? { 'content-range': `bytes ${fromBytes}-${bytes.length - 1}/${bytes.length}` } : {};
    for (let at = fromBytes; at < bytes.length; at += 100)
      await onChunk(bytes.slice(at, at + 100), { status, headers });
    return { status };
  };

export const keptClips: KeptFile = {
  name: 'clips, whole and in part',
  rotCosts: 'until the server repeats',
  isNeverSetAside: true,
  async open(disk, onDamaged) {
    let isReachable = false;
    const files = new Map(clips.map(({ bytes, clip }) => [clip.id, bytes]));
    const shelf = await openClipShelf({
      disk,
      clock: manualClock({ wallMs: issuedMs }),
      random,
      now: () => now,
      formats: ['ogg-opus'],
      source: sourceOf(files, () => isReachable),
      refusals: { refused: () => undefined },
      onDamaged,
      onChange: () => undefined,
      onSpace: () => undefined,
    });
    async function want(count: number): Promise<void> {
      shelf.want(clips.slice(0, count).map(({ clip }) => ({ clip, neededMs: now.ms, emergency: false })));
      shelf.retryNow();
      for (let turn = 0; turn < 6; turn += 1) await settle();
    }
    await want(2);
    const fetch = (count: number) => async () => {
      isReachable = true;
      // What a cut has spoilt of a part is found out at its end; the next try begins it anew.
      for (let attempt = 0; attempt < 2; attempt += 1) await want(count);
    };
    return {
      state: () => clips.map(({ clip }) => shelf.find(clip).state === 'here'),
      steps: [fetch(1), fetch(2)],
      repeat: fetch(2),
    };
  },
};

const program = Buffer.from(`// ${'a program '.repeat(20)}`);
const bundle = gzipSync(program);
const bundleHash = createHash('sha256').update(bundle).digest('hex');

export const keptReleases: KeptFile = {
  name: 'releases: slots, programs',
  rotCosts: 'until the server repeats',
  isNeverSetAside: true,
  isAskedAgain: true,
  toldAs: 'releases/slots',
  async open(disk, onDamaged) {
    const source = sourceOf(new Map([[bundleHash, bundle]]), () => true);
    const shelf = openReleaseShelf({
      disk,
      fetchFile: (file) => fetchFile({ ...file, disk, source, onProgress: () => undefined }),
    });
    const release = { kind: 'release', v: 1, number: 2, version: '0.2.0', hash: bundleHash } as const;
    const slot = { number: 2, version: '0.2.0', sha256: sha256Of(program) };
    const counts = { boot: '', crashes: 0, cuts: 0 };
    const expects = { linked: false, output: false };
    const trial: Trial = { ...slot, order: 'o', expects, phase: 'waiting', ...counts };
    async function sound(slots: Slots): Promise<Slots> {
      const { good } = slots;
      if (good === undefined) return slots;
      // As the launcher looks before it begins anything.
      const bytes = await disk.read(programPath(good.number));
      return bytes !== undefined && sha256Of(bytes) === good.sha256 ? slots : { damaged: good.number };
    }
    async function take(): Promise<void> {
      const signal = new AbortController().signal;
      const first = await shelf.fetch({ ...release, sizeBytes: bundle.length }, signal);
      const taken = first.ok ? first : await shelf.fetch({ ...release, sizeBytes: bundle.length }, signal);
      if (!taken.ok) throw new Error(taken.reason);
    }
    async function name(slots: Slots): Promise<void> {
      await shelf.write(slots);
      found = await sound(slots);
    }
    let found = await sound(await shelf.read());
    if (found.damaged !== undefined)
      onDamaged({ path: 'releases/slots', copy: undefined, reason: 'damaged', lostBytes: 0 });
    return {
      state: () => JSON.stringify(found),
      steps: [take, () => name({ trial }), () => name({ good: slot })],
      async repeat() {
        await take();
        await name({ trial });
        await name({ good: slot });
      },
    };
  },
};
