/**
 * The HTTP door of a device: enrolment with a one-time claim code, sign-in by the server's nonce, and where clips and
 * plan bodies are fetched. Paths, bodies, answers.
 */
import { z } from 'zod';
import { capabilitiesSchema } from './capabilities.ts';
import { instantSchema, publicKeySchema } from './documents.ts';

/** Paths below the server's address. */
export const doorPaths = {
  enrol: '/device/v1/enrol',
  nonce: '/device/v1/nonce',
  token: '/device/v1/token',
  /** Immutable bytes named by hash, ranged (RFC 9110 §14); with `Authorization: Bearer <token>`. */
  clip: (hash: string) => `/device/v1/clips/${hash}`,
  body: (hash: string) => `/device/v1/bodies/${hash}`,
  /** A release of the agent, as `clip`. */
  release: (hash: string) => `/device/v1/releases/${hash}`,
  /** POST: the log asked for by an order, gzipped text (`application/gzip`, at most `logBytesMax`), once. */
  logs: (orderId: string) => `/device/v1/logs/${orderId}`,
  link: '/device/v1/link',
  mqtt: '/mqtt',
} as const;

/** Ten characters of Crockford's base32 in two groups, `7KQ2M-X4T9D`; case and hyphens do not matter. */
export const claimCodeSchema = z
  .string()
  .max(40)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{10}$/));

export const enrolRequestSchema = z.object({
  claimCode: claimCodeSchema,
  publicKey: publicKeySchema,
  capabilities: capabilitiesSchema,
  /** Make and model, for the technician. */
  board: z.string().max(200),
  agentVersion: z.string().max(40),
});
export type EnrolRequest = z.input<typeof enrolRequestSchema>;

export const enrolAnswerSchema = z.object({
  deviceId: z.string(),
  clusterName: z.string(),
  /** Pinned for ever: signs the key sets. */
  rootKey: publicKeySchema,
  /** The present key set, a `loa-keys` envelope. */
  keys: z.string(),
  serverTime: instantSchema,
});
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;

export const nonceRequestSchema = z.object({ deviceId: z.string().max(64) });
export const nonceAnswerSchema = z.object({ nonce: z.string().max(200) });

/** The device's proof: a `loa-nonce` envelope over {deviceId, nonce}, signed by its own key. */
export const tokenRequestSchema = z.object({ proof: z.string().max(2_000) });
export const nonceProofSchema = z.object({ deviceId: z.string().max(64), nonce: z.string().max(200) });
export const tokenAnswerSchema = z.object({
  token: z.string().max(500),
  expiresAt: instantSchema,
  /** Where MQTT is reached when not at `doorPaths.mqtt` of this server. */
  mqttUrl: z.string().max(500).optional(),
});
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;
