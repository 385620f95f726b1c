/**
 * What an idle board costs its SIM card in a day: the real agent against the real server over TLS, counted on TCP both
 * ways for some minutes, with 40 bytes of IP and TCP headers for each segment and for as many bare acknowledgements.
 * `node tests/bench/idle-data.ts [minutes]` runs it alone.
 */
import { openOnePortTown } from '../harness/one-port-town.ts';

/** Issue: at most 2 MB a day idle over TLS. */
export const idleBytesPerDayMax = 2_000_000;

const dayMs = 86_400_000;
const headerBytes = 40;
/** A full heartbeat each ten minutes falls into no short measurement; by its size with readings. */
const heartbeatsPerDay = 144;
const heartbeatBytes = 950;
/** What a mobile line loses: both paths opened anew so often. */
const connectsPerDay = 10;

export interface IdleData {
  /** Of a day in which nothing is lost. */
  bytesPerDay: number;
  /** Of the TLS stream alone, as counted. */
  payloadPerDay: number;
  /** Of opening both paths once: three exchanges, two upgrades, subscriptions, documents. */
  connectBytes: number;
}

/** Counts for so long; whole minutes, since that is how often things recur. */
export async function measureIdleData(minutes: number): Promise<IdleData> {
  const town = await openOnePortTown();
  try {
    await pause(5_000);
    const connect = weigh(town.door.traffic());
    // The burst about the time and what follows the first documents is over.
    await pause(10_000);
    const before = town.door.traffic();
    await pause(minutes * 60_000);
    const after = town.door.traffic();
    if (!town.isConnected()) throw new Error(`The line was lost: ${town.said()}`);
    const passed = { bytes: after.bytes - before.bytes, segments: after.segments - before.segments };
    const perDay = dayMs / (minutes * 60_000);
    const daily = heartbeatsPerDay * heartbeatBytes + connectsPerDay * connect;
    return {
      bytesPerDay: weigh(passed) * perDay + daily,
      payloadPerDay: passed.bytes * perDay,
      connectBytes: connect,
    };
  } finally {
    await town.close();
  }
}

/** The figures as the bench prints them. */
export function idleDataLine({ bytesPerDay, payloadPerDay, connectBytes }: IdleData): [string, string, string] {
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    `data of an idle board over TLS in a day, with ${connectsPerDay} reconnects and ${heartbeatsPerDay} full heartbeats`,
    `${mb(bytesPerDay)} (limit ${mb(idleBytesPerDayMax)})`,
    `floor: the same without IP and TCP headers, heartbeats and reconnects, ${mb(payloadPerDay)}; one connect ${(connectBytes / 1e3).toFixed(1)} kB`,
  ];
}

function weigh({ bytes, segments }: { bytes: number; segments: number }): number {
  return bytes + 2 * segments * headerBytes;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const [what, figure, floor] = idleDataLine(await measureIdleData(Number(process.argv[2] ?? 4)));
  console.log(`${what}: ${figure}; ${floor}`);
}
