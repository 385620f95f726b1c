/**
 * What the HTTP front asks of the rooms behind it and of its configuration. Only shapes; `compose.ts` fills them.
 */
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import type { Fetch } from '../../edges/network.ts';
import type {
  Desk,
  Emergencies,
  Enrolment,
  Inbox,
  LawRoom,
  People,
  Repairs,
  Roster,
  Timetables,
} from '../../work/contracts.ts';

/** The rooms and edges behind the HTTP front. */
export interface HttpPorts {
  people: Pick<People, 'signIn' | 'signOut' | 'personOf'>;
  enrolment: Enrolment;
  desk: Desk;
  law: LawRoom;
  inbox: Inbox;
  timetables: Timetables;
  emergencies: Emergencies;
  repairs: Repairs;
  roster: Pick<Roster, 'snapshot' | 'airing' | 'airings' | 'faults'>;
  clock: Clock;
  disk: Disk;
  fetch: Fetch;
  log: FastifyBaseLogger;
  settings: HttpSettings;
  /** Told when somebody signed out, so that their live panels end at once. */
  signedOut(token: string): void;
}

/** What an installation may choose about its HTTP door. */
export interface HttpSettings {
  /** Shown by `/api/health` and in the OpenAPI document. */
  version: string;
  /** IANA zone that civil times are read in. */
  timeZone: string;
  /** The built panel. */
  panelDir: string;
  /** Where uploads lie until the desk has taken them. */
  uploadDir: string;
  /** The demo launcher's door; absent outside the demo town. */
  demo?: { url: string; token: string } | undefined;
  /** Addresses of proxies whose `X-Forwarded-*` headers count; none by default. */
  trustedProxies: readonly string[];
  limits: HttpLimits;
}

/** Bounds of the HTTP door. */
export interface HttpLimits {
  uploadBytesMax: number;
  /** Kept free on the disk of `uploadDir`, for everything that is not an upload. */
  diskReserveBytes: number;
  uploadsAtOnceMax: number;
  /** Logs of devices on their way in, each in memory until it is whole; more are told to come again. */
  logsAtOnceMax: number;
  /** Requests a minute from one address: everything together, and at the doors that invite guessing. */
  perMinute: { all: number; signIn: number; enrol: number; deviceSignIn: number };
}

/** What holds unless an installation or a test says otherwise. */
export const httpLimits: HttpLimits = {
  uploadBytesMax: 200_000_000,
  diskReserveBytes: 512 * 1024 * 1024,
  uploadsAtOnceMax: 8,
  logsAtOnceMax: 16,
  // A province's communes reach the server through one address of the government's network, as may their boards.
  perMinute: { all: 12_000, signIn: 120, enrol: 120, deviceSignIn: 6_000 },
};
