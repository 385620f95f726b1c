/**
 * Every file that a board keeps, each with its opening by the agent's own code, a small history of transitions, what
 * reads as its state, and what a rotten bit of it may cost. Not here, since nothing depends on them: the log, the disk's
 * answer, the record of the file player, the compiled program.
 */
import type { EndedEvent, LedgerEntry } from '@loa/device-agent/contracts.ts';
import type { Damage } from '@loa/device-agent/edges/damaged-file.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { findDataUsed } from '@loa/device-agent/fronts/sensors/data-used.ts';
import { openClockMemory } from '@loa/device-agent/keep/clock-memory.ts';
import { openHearing } from '@loa/device-agent/keep/hearing.ts';
import { openLedger } from '@loa/device-agent/keep/ledger.ts';
import { type KeptFault, openFaultsFile } from '@loa/device-agent/keep/open-faults.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { openServiceRecord } from '@loa/device-agent/keep/service-record.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { openTestMemory } from '@loa/device-agent/keep/test-memory.ts';
import { watchStarts } from '@loa/device-agent/work/health/starts.ts';
import { boardFilesTwin } from '../../harness/board-files-twin.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { deviceKey, identity, issuedMs } from '../installation.ts';
import { keptClips, keptDocuments, keptReleases } from './kept-from-the-server.ts';

export const now = { ms: issuedMs, trusted: true, boundMs: 10 };

export interface Opened {
  /** What the agent makes of what it found, comparable. */
  state(): unknown;
  /** The history: each transition is acknowledged when it resolves. */
  steps: readonly (() => Promise<unknown>)[];
  /** What was lost comes again: the server repeats itself. */
  repeat?: (() => Promise<unknown>) | undefined;
}

export interface KeptFile {
  name: string;
  /** What one rotten bit may cost; `all`: everything in it, and it is learnt again. */
  rotCosts: 'nothing' | 'one record' | 'until the server repeats' | 'all';
  /** Default: damage leaves a copy for a technician. */
  isNeverSetAside?: boolean;
  /** It is read only once an agent runs, which asks again while the disk does not answer. */
  isAskedAgain?: boolean;
  /** Its damage is told under this path, whatever of it rotted. */
  toldAs?: string;
  /** Only what lies below it is its own; default everything. */
  folder?: string;
  /** A transition that is made again may drop more: only what came last is sure to be there. */
  isBounded?: boolean;
  open(disk: Disk, onDamaged: (damage: Damage) => void): Promise<Opened>;
}

const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(7) };

const event = (occurrence: string): EndedEvent => ({
  kind: 'ended',
  occurrence,
  outcome: 'played',
  playsDone: 1,
  plannedMs: 1,
  endedMs: 2,
});

/** Each once, as what was written again after a cut counts once. */
const unique = (records: readonly unknown[]) => [...new Set(records.map((one) => JSON.stringify(one)))];

const settings: KeptFile = {
  name: 'settings: keys, identity, numbers, clock floor',
  rotCosts: 'nothing',
  async open(disk, onDamaged) {
    const opened = await openSettings({ disk, onDamaged });
    return {
      state: () => JSON.stringify(opened.read()),
      steps: [
        () =>
          opened.update((data) => {
            data.keyToEnrol = deviceKey;
          }),
        () =>
          opened.update((data) => {
            data.identity = identity;
            data.keyToEnrol = undefined;
          }),
        () =>
          opened.update((data) => {
            data.newest.keys = 3;
          }),
        () =>
          opened.update((data) => {
            data.newest.documents.plan = { epoch: 1, number: 4 };
            data.clockFloor = { epoch: 1, issuedMs };
          }),
      ],
    };
  },
};

const ledger: KeptFile = {
  name: 'ledger',
  rotCosts: 'one record',
  async open(disk, onDamaged) {
    const opened = await openLedger({ disk, now: () => now, onDamaged });
    const entries: LedgerEntry[] = [
      { kind: 'start', occurrence: 'a@1', play: 1, plannedMs: 1, atMs: 1, emergency: false },
      { kind: 'done', occurrence: 'a@1', play: 1, atMs: now.ms },
      { kind: 'ended', occurrence: 'a@1', atMs: now.ms, event: event('a@1') },
      { kind: 'reported', occurrence: 'a@1' },
    ];
    return {
      state: () => unique(opened.entries()),
      steps: entries.map((entry) => () => opened.append(entry)),
    };
  },
};

const outbox: KeptFile = {
  name: 'outbox',
  isBounded: true,
  rotCosts: 'one record',
  async open(disk, onDamaged) {
    const bounds = { reportsMax: 4, bytesMax: 1_000_000 };
    const opened = await openOutbox({ disk, random, now: () => now, onDamaged, bounds });
    const all = () => opened.next({ afterSeq: 0, countMax: 100, bytesMax: 1e9 });
    return {
      state() {
        const seqs = all().map(({ seq }) => seq);
        if (new Set(seqs).size < seqs.length) throw new Error('A number was given twice');
        return unique(all().map((report) => report.event));
      },
      steps: ['a@1', 'b@1', 'c@1', 'd@1', 'e@1'].map(
        (occurrence) => () => opened.add(event(occurrence), { once: occurrence }),
      ),
    };
  },
};

const services: KeptFile = {
  name: 'services',
  rotCosts: 'one record',
  async open(disk, onDamaged) {
    const opened = await openServiceRecord({ disk, onDamaged });
    const order = 'lenh-1';
    return {
      state: () => unique(opened.entries()),
      steps: [
        () => opened.append({ kind: 'begun', order, service: 'restart', issuedAt: 'x', expiresAt: 'y' }),
        () => opened.append({ kind: 'ended', order, service: 'restart', result: 'done' }),
        () => opened.append({ kind: 'reported', order }),
      ],
    };
  },
};

const tests: KeptFile = {
  name: 'tests',
  rotCosts: 'one record',
  async open(disk, onDamaged) {
    const opened = await openTestMemory({ disk, onDamaged });
    return {
      state: () => unique(opened.records()),
      steps: [
        () => opened.append({ kind: 'begun', test: 'dem-1', form: 'silent', atMs: 1 }),
        () => opened.append({ kind: 'told', test: 'dem-1' }),
      ],
    };
  },
};

const openFaults: KeptFile = {
  name: 'open faults',
  rotCosts: 'nothing',
  async open(disk, onDamaged) {
    const file = openFaultsFile(disk, onDamaged);
    let open = await file.read();
    const fault = (name: string): KeptFault => {
      return { kind: 'fault-opened', fault: name, code: 'output-missing', sinceMs: 1, evidence: {} };
    };
    const write = (next: KeptFault[]) => async () => {
      await file.write(next);
      open = next;
    };
    return { state: () => open, steps: [write([fault('a')]), write([fault('a'), fault('b')]), write([fault('b')])] };
  },
};

const hearing: KeptFile = {
  name: 'what was learnt of this place',
  rotCosts: 'all',
  async open(disk, onDamaged) {
    const opened = await openHearing({ disk, clock: manualClock({ wallMs: issuedMs }), onDamaged });
    const learn = (referenceDb: number) => async () => {
      opened.update((data) => {
        data.microphone.referenceDb = referenceDb;
      });
      await opened.close();
    };
    return { state: () => opened.read().microphone.referenceDb, steps: [learn(-20), learn(-21)] };
  },
};

const starts: KeptFile = {
  name: 'starts',
  rotCosts: 'all',
  async open(disk, onDamaged) {
    let count = 0;
    const faults = {
      signal: (_code: string, { evidence }: { evidence: Record<string, unknown> }) => {
        count = Number(evidence.startsInLastHour);
      },
    };
    // Opening it is its only transition: what it finds is one less than what it counts.
    const life = { boot: 'b', uptimeMs: () => 1_000 };
    const watch = await watchStarts({ disk, clock: manualClock({ wallMs: issuedMs }), life, faults, onDamaged });
    watch.stop();
    return { state: () => count - 1, steps: [] };
  },
};

const dataUsed: KeptFile = {
  name: "the month's data",
  rotCosts: 'all',
  async open(disk, onDamaged) {
    const traffic = '/sys/class/net/wwan0/statistics';
    const files = boardFilesTwin({
      '/proc/sys/kernel/random/boot_id': 'a\n',
      '/proc/net/route': 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\nwwan0\t00000000\t01\t3\t0\t0\t100\n',
      [`${traffic}/rx_bytes`]: '1000\n',
      [`${traffic}/tx_bytes`]: '0\n',
    });
    const time = { ...now, trusted: false };
    const sensor = await findDataUsed({ files, disk, now: () => time, monthOf: () => '2026-11', onDamaged });
    let used = await sensor?.read();
    const move = (bytes: number) => async () => {
      files.put({ [`${traffic}/rx_bytes`]: `${bytes}\n` });
      time.trusted = true;
      time.ms += 3_600_000;
      used = await sensor?.read();
    };
    return { state: () => used?.dataUsedBytes, steps: [move(1_000), move(5_000), move(9_000)] };
  },
};

const clock: KeptFile = {
  name: 'what was known of the time',
  rotCosts: 'all',
  async open(disk, onDamaged) {
    const opened = await openClockMemory({ disk, life: { boot: 'b', startedMs: 0 }, onDamaged });
    let known = opened.samples.length;
    const learn = (count: number) => async () => {
      await opened.keep(Array.from({ length: count }, (_, atMs) => ({ atMs, offsetMs: 1, delayMs: 1 })));
      known = count;
    };
    return { state: () => known, steps: [learn(4), learn(8)] };
  },
};

export const keptFiles: readonly KeptFile[] = [
  settings,
  ledger,
  outbox,
  services,
  tests,
  openFaults,
  hearing,
  starts,
  clock,
  dataUsed,
  keptDocuments,
  keptClips,
  keptReleases,
];
