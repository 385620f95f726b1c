/**
 * The signed documents a server publishes: key set, plan, hours, orders. Each is the payload of a JWS; the stamp says
 * for whom it is, how new it is and until when it holds. Unknown fields are ignored, unknown kinds refused.
 */
import { z } from 'zod';
import { clipSchema, hashSchema } from './clip.ts';
import { deviceProtocolVersion, ordersMax, planBodyBytesMax, planItemsMax, releaseBytesMax } from './limits.ts';
import { sequenceSchema } from './sequence.ts';

/** RFC 3339 with offset. */
export const instantSchema = z.iso.datetime({ offset: true });
const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const occurrenceSchema = z.string().min(1).max(128);

const stampShape = {
  v: z.literal(deviceProtocolVersion),
  /** Device id or area id the document is for; a device refuses what is not its own or one of its areas'. */
  aud: idSchema,
  ...sequenceSchema.shape,
  issuedAt: instantSchema,
};

export const latePolicySchema = z.object({
  kind: z.enum(['skip', 'start', 'join']),
  lateMsMax: z.int().min(0).max(86_400_000),
});
export const resumePolicySchema = z.enum(['resume', 'restart', 'drop']);
export const repeatSchema = z.object({
  count: z.int().min(1).max(100),
  gapMs: z.int().min(0).max(3_600_000),
});

export const relaySchema = z.object({
  url: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[^\s]+$/),
  lengthMs: z
    .int()
    .min(1_000)
    .max(6 * 3_600_000 - 60_000),
});

export const planItemSchema = z.object({
  occurrence: occurrenceSchema,
  /** Planned start, epoch ms. */
  atMs: z.int().min(0),
  class: z.enum(['normal', 'priority']),
  /** Index into the body's `clips`. */
  clip: z.int().min(0),
  repeat: repeatSchema,
  late: latePolicySchema,
  resume: resumePolicySchema,
  lengthMsMax: z
    .int()
    .min(1)
    .max(6 * 3_600_000),
  /**
   * A named person's recorded permission to sound outside the hours rule: the item may, when it lies wholly inside the
   * span (epoch ms, `untilMs` excluded). It permits this item and nothing else.
   */
  exception: z
    .object({ document: z.string().min(1).max(200), fromMs: z.int().min(0), untilMs: z.int().min(0) })
    .optional(),
  /**
   * A stream to take over from the item's start for `lengthMs`. Where it cannot be had, or from where it breaks off for
   * good, the item's clip sounds, once. A board that does not declare `stream` plays the clip.
   */
  relay: relaySchema.optional(),
  /** Softer than full volume, dB. Emergencies know none. */
  gainDb: z.number().min(-40).max(0).optional(),
});
export type PlanItem = z.infer<typeof planItemSchema>;

export const planBodySchema = z
  .object({
    clips: z.array(clipSchema).max(planItemsMax),
    items: z.array(planItemSchema).max(planItemsMax),
  })
  .refine((body) => body.items.every((item) => item.clip < body.clips.length), 'item names a clip that is not listed');
/** What a device shall play: items in order, and the clips they use. */
export type PlanBody = z.infer<typeof planBodySchema>;

export const planSchema = z.object({
  kind: z.literal('plan'),
  ...stampShape,
  /** Nothing of this plan starts at or after this instant. */
  expiresAt: instantSchema,
  /** The areas whose orders the device must listen to, nearest first. */
  areas: z.array(idSchema).max(32),
  /** The area keeps its amplifiers switched on between items, as in flood season; absent: off between items. */
  amplifierStaysOn: z.boolean().optional(),
  /** The window computed, epoch ms. */
  fromMs: z.int(),
  untilMs: z.int(),
  /** The body by hash of its UTF-8 bytes; `inline` holds it when it is short, else it is fetched by its hash. */
  body: z.object({
    hash: hashSchema,
    sizeBytes: z.int().min(2).max(planBodyBytesMax),
    inline: z.string().max(planBodyBytesMax).optional(),
  }),
});
export type PlanDocument = z.infer<typeof planSchema>;

export const hoursSchema = z.object({
  kind: z.literal('hours'),
  ...stampShape,
  timeZone: z.string().min(1).max(64),
  spans: z
    .array(
      z.object({
        weekdays: z.array(z.int().min(1).max(7)).max(7),
        from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
        until: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
      }),
    )
    .max(64),
  /** Number of the deciding document; empty for the cautious default. */
  document: z.string().max(200),
});
/** When a device may sound (P8). Has no expiry: the last one received holds. */
export type HoursDocument = z.infer<typeof hoursSchema>;

export const emergencyOrderSchema = z.object({
  kind: z.literal('emergency'),
  id: idSchema,
  occurrence: occurrenceSchema,
  issuedAt: instantSchema,
  expiresAt: instantSchema,
  clip: clipSchema,
  repeat: repeatSchema,
  lengthMsMax: z
    .int()
    .min(1)
    .max(24 * 3_600_000),
  /** A drill is announced as one, or not sounded at all, as the device is configured; never taken for the real thing. */
  drill: z.boolean(),
});
/** Sound this now, before everything else, until it has been played its full count or is absent. */
export type EmergencyOrder = z.infer<typeof emergencyOrderSchema>;

export const stopOrderSchema = z.object({
  kind: z.literal('stop'),
  id: idSchema,
  issuedAt: instantSchema,
  expiresAt: instantSchema,
  /** Everything that sounds or would start before `expiresAt`, or one occurrence. Emergencies newer than the stop sound. */
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('occurrence'), occurrence: occurrenceSchema }),
  ]),
});
export type StopOrder = z.infer<typeof stopOrderSchema>;

/**
 * Try the sound path of this device, once. In a device's own orders only. `silent` where the board declares
 * `silent-test`, `audible` where it declares `audible-test`: then a tone of some seconds, between 08:00 and 17:00 or in
 * permitted hours (DESIGN P8). Never while something sounds or is about to.
 */
export const testOrderSchema = z.object({
  kind: z.literal('test'),
  id: idSchema,
  issuedAt: instantSchema,
  expiresAt: instantSchema,
  form: z.enum(['silent', 'audible']),
});
export type TestOrder = z.infer<typeof testOrderSchema>;

const serviceShape = { id: idSchema, issuedAt: instantSchema, expiresAt: instantSchema };

/** Begin anew, once, as soon as nothing sounds or is about to. In a device's own orders only. */
export const restartOrderSchema = z.object({ kind: z.literal('restart'), ...serviceShape });
/** Send the log of this span to `doorPaths.logs(id)`, once. In a device's own orders only. */
export const logsOrderSchema = z.object({
  kind: z.literal('logs'),
  ...serviceShape,
  sinceMs: z.int().min(0).optional(),
});
/**
 * Replace the agent by a release, once: fetched by its hash, started, and given up for the former one when it does not
 * prove itself. `release` is a `loa-release` envelope signed by the root key. In a device's own orders only.
 */
export const updateOrderSchema = z.object({
  kind: z.literal('update'),
  ...serviceShape,
  release: z.string().max(1_500),
});
export type UpdateOrder = z.infer<typeof updateOrderSchema>;
export type ServiceOrder =
  | z.infer<typeof restartOrderSchema>
  | z.infer<typeof logsOrderSchema>
  | z.infer<typeof updateOrderSchema>;

export const releaseSchema = z.object({
  kind: z.literal('release'),
  v: z.literal(deviceProtocolVersion),
  /** Grows with every release; a board takes only a greater one than it runs. */
  number: z.int().min(1),
  /** For people. */
  version: z.string().min(1).max(40),
  /** The bundle, gzipped, fetched at `doorPaths.release(hash)`. */
  hash: hashSchema,
  sizeBytes: z.int().min(1).max(releaseBytesMax),
});
/** A release of the agent; whoever signs the server's documents cannot sign one: that is the root key's, on paper. */
export type Release = z.infer<typeof releaseSchema>;

export const orderSchema = z.discriminatedUnion('kind', [
  emergencyOrderSchema,
  stopOrderSchema,
  testOrderSchema,
  restartOrderSchema,
  logsOrderSchema,
  updateOrderSchema,
]);
export type Order = z.infer<typeof orderSchema>;

export const ordersSchema = z.object({
  kind: z.literal('orders'),
  ...stampShape,
  scope: z.enum(['area', 'device']),
  /** All that is in force; what was in force and is absent here is withdrawn and stops. */
  orders: z.array(orderSchema).max(ordersMax),
});
export type OrdersDocument = z.infer<typeof ordersSchema>;

export const publicKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
/** An Ed25519 public key as JWK (RFC 8037 §2). */
export type PublicKey = z.infer<typeof publicKeySchema>;

export const keySetSchema = z.object({
  kind: z.literal('keys'),
  v: z.literal(deviceProtocolVersion),
  /** Grows with every set; a device accepts a set of any age, but only a newer one. */
  number: z.int().min(1),
  keys: z.array(publicKeySchema).min(1).max(8),
});
/** The keys whose signatures count, signed by the root key pinned at enrolment. */
export type KeySet = z.infer<typeof keySetSchema>;

export const documentSchema = z.discriminatedUnion('kind', [planSchema, hoursSchema, ordersSchema]);
/** Whatever the installation's signing key signs. */
export type SignedDocument = z.infer<typeof documentSchema>;
