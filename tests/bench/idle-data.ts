/**
 * What an idle board costs its SIM card in a day: the real agent against the real server over TLS, counted on TCP both
 * ways for some minutes, with 40 bytes of IP and TCP headers for each segment, bare acknowledgements included.
 * `node tests/bench/idle-data.ts [minutes]` runs it alone.
 */
import type { Traffic } from '../harness/one-port.ts';
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

/** The burst about the time and what follows the first documents is over. */
const settleMs = 15_000;
/** From the cut of both paths to quiet again. */
const reconnectMs = 30_000;

export interface IdleData {
  /** Of a day in which nothing is lost. */
  bytesPerDay: number;
  /** Of the TLS stream alone, as counted. */
  payloadPerDay: number;
  /** Of both paths cut and opened again: TLS, sign-in, subscriptions, retained documents, a burst about the time. */
  connectBytes: number;
}

/** Counts for so long; whole minutes, since that is how often things recur. */
export async function measureIdleData(minutes: number): Promise<IdleData> {
  const town = await openOnePortTown();
  try {
    await pause(settleMs);
    const before = town.door.traffic();
    await pause(minutes * 60_000);
    const passed = between(before, town.door.traffic());
    if (!town.isConnected()) throw new Error(`The line was lost: ${town.said()}`);
    const beforeCut = town.door.traffic();
    town.door.cut();
    await pause(reconnectMs);
    if (!town.isConnected()) throw new Error(`It did not come back: ${town.said()}`);
    const connect = weigh(between(beforeCut, town.door.traffic()));
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

function between(before: Traffic, after: Traffic): Traffic {
  return {
    bytes: after.bytes - before.bytes,
    segments: after.segments - before.segments,
    acks: after.acks - before.acks,
  };
}

function weigh({ bytes, segments, acks }: Traffic): number {
  return bytes + (segments + acks) * headerBytes;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const [what, figure, floor] = idleDataLine(await measureIdleData(Number(process.argv[2] ?? 4)));
  console.log(`${what}: ${figure}; ${floor}`);
}
