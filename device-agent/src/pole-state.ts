/**
 * What a board says of itself to whoever stands under the pole: on its lamp, on its own page, to the `status` command.
 * Holds nothing secret: no keys, tokens or codes, no addresses of its network, and of what it will play only when and
 * how long. Only shapes.
 */
import { deviceFaultCodes, fittingLevels } from '@loa/protocol/device';
import { z } from 'zod';

/** Why a board is not enrolled although somebody tried. */
export const enrolProblems = [
  'note-unreadable',
  'note-too-long',
  'no-server',
  'no-code',
  'bad-server',
  'bad-code',
  /** Plain HTTP beyond the own network: whoever listens could take the board. */
  'not-secret',
  'not-reached',
  'refused',
] as const;
export type EnrolProblem = (typeof enrolProblems)[number];

export const enrolmentStateSchema = z.object({
  phase: z.enum(['waiting', 'trying', 'refused', 'enrolled']),
  problem: z.enum(enrolProblems).optional(),
  /** The server's or the system's own words. */
  detail: z.string().max(300).optional(),
  /** The server's refusal in both languages, where it says it so. */
  words: z.object({ vi: z.string().max(300), en: z.string().max(300) }).optional(),
});
/** `refused`: a person must do something; `trying`: it goes on by itself. */
export type EnrolmentState = z.infer<typeof enrolmentStateSchema>;

export const poleStateSchema = z.object({
  agentVersion: z.string(),
  board: z.string(),
  player: z.string(),
  fitting: z.enum(fittingLevels),
  /** What measures the sound, by kind; an agent before this field names only its fitting. */
  probes: z.array(z.string()).optional(),
  /** The board's own page; absent: none is asked for. `no-address`: its network is not there yet. */
  page: z.enum(['open', 'not-allowed', 'in-use', 'no-address', 'other']).optional(),
  enrolment: enrolmentStateSchema,
  /** The rest is absent until the board is enrolled and has opened what it holds. */
  running: z
    .object({
      deviceId: z.string(),
      clusterName: z.string(),
      /** Host name only. */
      server: z.string(),
      mqtt: z.string(),
      socket: z.string(),
      /** Both paths are up. */
      isLinked: z.boolean(),
      /** When the server was last heard, epoch ms; absent: not since the start. */
      lastContactMs: z.number().optional(),
      clock: z.object({
        nowMs: z.number(),
        trusted: z.boolean(),
        boundMs: z.number(),
        distrust: z.string().optional(),
      }),
      /** Until when what it holds lasts, epoch ms; absent: it holds no plan. */
      planUntilMs: z.number().optional(),
      /** The zone in which its times are told. */
      timeZone: z.string(),
      documents: z.object({ plan: z.string(), hours: z.string(), keys: z.number() }),
      /** The next planned start. */
      next: z.object({ atMs: z.number(), lengthMs: z.number() }).optional(),
      sounding: z.enum(['nothing', 'routine', 'emergency']),
      faults: z.array(z.object({ code: z.enum(deviceFaultCodes), sinceMs: z.number() })),
    })
    .optional(),
});
export type PoleState = z.infer<typeof poleStateSchema>;
export type RunningState = NonNullable<PoleState['running']>;
