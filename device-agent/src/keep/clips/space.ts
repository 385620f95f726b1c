/**
 * How much of the disk clips may take, and which of them go first when it is short. Pure. The rest of the disk belongs
 * to ledger, outbox and documents, which must always find room.
 */

/** Never asked to be kept free beyond this, however large the disk. */
const reserveBytesMax = 200 * 1024 * 1024;

/** What stays free: a tenth of the disk, at most 200 MB. An emergency's clip may take half of it. */
export function reserveBytes(options: { totalBytes: number; isEmergency: boolean }): number {
  const whole = Math.min(options.totalBytes * 0.1, reserveBytesMax);
  return options.isEmergency ? whole / 2 : whole;
}

/** What clips must give back to ledger, outbox and documents when others have filled the disk; 0: nothing. */
export function owedBytes({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): number {
  return Math.max(0, reserveBytes({ totalBytes, isEmergency: true }) - freeBytes);
}

/** What is to sound within a day is kept, whoever fills the disk: records have room of their own (`edges/ballast.ts`). */
export const keptAheadMs = 24 * 3_600_000;

/** What must give way to records: what nobody wants, and what is needed no sooner than in a day. */
export function needOfRecords(nowMs: number): Need {
  return { emergency: false, neededMs: nowMs + keptAheadMs };
}

/** How much a clip is needed: emergencies before all, then the sooner one. */
export interface Need {
  emergency: boolean;
  neededMs: number;
}

/** Negative when `a` is needed more than `b`. */
export function compareNeed(a: Need, b: Need): number {
  return Number(b.emergency) - Number(a.emergency) || a.neededMs - b.neededMs;
}

/**
 * Names that may be dropped to make room for `need`, in order: what nobody wants, unfinished first; then what is
 * needed less, the least first. What an emergency needs is never dropped.
 */
export function dropOrder(options: {
  names: readonly string[];
  wanted: ReadonlyMap<string, Need>;
  need: Need;
}): string[] {
  const { wanted } = options;
  const needOf = (name: string) => wanted.get(name.replace(/\.part$/, ''));
  const unwanted = options.names
    .filter((name) => needOf(name) === undefined)
    .sort((a, b) => Number(b.endsWith('.part')) - Number(a.endsWith('.part')));
  const lessNeeded = options.names
    .flatMap((name) => {
      const need = needOf(name);
      return need === undefined || need.emergency || compareNeed(options.need, need) >= 0 ? [] : [{ name, need }];
    })
    .sort((a, b) => compareNeed(b.need, a.need))
    .map(({ name }) => name);
  return [...unwanted, ...lessNeeded];
}
