/**
 * Which boards belong to the installation: makes claim codes, enrols boards, lets enrolled ones sign in by their own key
 * and knows them by their token. Every request is unparsed; a device's clock plays no part.
 */
import {
  deviceTokenLifeMs,
  enrolRequestSchema,
  nonceProofSchema,
  nonceRequestSchema,
  open,
  type PublicKey,
  publicKeySchema,
  tokenRequestSchema,
} from '@loa/protocol/device';
import type { Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { instantText, parseColumn } from '../../keep/store/rows/column.ts';
import type { Store } from '../../keep/store/store.ts';
import { accept, refuse } from '../../refusal.ts';
import type { Enrolment } from '../contracts.ts';
import { holds, isOwn } from '../scope.ts';
import { storeClaimCode } from './claim-code.ts';
import { createDeviceTokens } from './device-tokens.ts';
import { enrolDevice } from './enrol-device.ts';
import { enrolmentRefusal } from './enrolment-refusals.ts';
import { createGuessBudget } from './guess-budget.ts';
import { createNonces } from './nonces.ts';

export interface EnrolmentPorts {
  store: Store;
  clock: Clock;
  random: Random;
  /** What a board pins at enrolment. */
  keys: { rootKey: PublicKey; keySet(): { envelope: string } };
  /** Told to devices when MQTT is not at this server's own address. */
  mqttUrl?: string | undefined;
  /** A board has taken its place; awaited, so that its documents exist when it is answered. */
  onEnrolled(deviceId: string): Promise<void>;
  /** A board has lost its place: end its connections. */
  onRevoked(deviceId: string): Promise<void>;
}

export function createEnrolment(ports: EnrolmentPorts): Enrolment {
  const { store, clock, random } = ports;
  const monotonicMs = () => clock.monotonicMs();
  const nonces = createNonces({ random, monotonicMs });
  const tokens = createDeviceTokens({ random, monotonicMs });
  const budget = createGuessBudget(monotonicMs);

  async function readDevice(deviceId: string): Promise<{ clusterId: string; publicKey: PublicKey } | undefined> {
    const row = await store.read((db) =>
      db
        .selectFrom('devices')
        .select(['cluster_id', 'public_key'])
        .where('id', '=', deviceId)
        .where('revoked_ms', 'is', null)
        .executeTakeFirst(),
    );
    return row && { clusterId: row.cluster_id, publicKey: parseColumn(publicKeySchema, row.public_key) };
  }

  return {
    makeClaimCode: async (person, clusterId) => {
      if (!holds(person, 'enrol')) return refuse(enrolmentRefusal('no-right'));
      return await store.write(async (tx) => {
        const areas = await readAreaTree(tx);
        const cluster = await tx
          .selectFrom('clusters')
          .select('area_id')
          .where('id', '=', clusterId)
          .executeTakeFirst();
        if (cluster === undefined || !isOwn(areas, person, cluster.area_id))
          return refuse(enrolmentRefusal('unknown-cluster'));
        const nowMs = clock.nowMs();
        const audit = { at_ms: nowMs, who: person.id, action: 'claim-code', target: clusterId, detail: '' };
        await tx.insertInto('audit').values(audit).execute();
        return accept(await storeClaimCode(tx, { random, clusterId, createdBy: person.id, nowMs }));
      });
    },

    enrol: async (input) => {
      const request = enrolRequestSchema.safeParse(input);
      if (!request.success) return refuse(enrolmentRefusal('malformed-request'));
      if (budget.isSpent()) return refuse(enrolmentRefusal('too-many-attempts'));
      const enrolled = await store.write((tx) =>
        enrolDevice(tx, { request: request.data, random, nowMs: clock.nowMs() }),
      );
      if (!enrolled.ok) {
        budget.countWrong();
        return enrolled;
      }
      const { deviceId, clusterName, revoked } = enrolled.value;
      for (const former of revoked) {
        tokens.revoke(former);
        await ports.onRevoked(former);
      }
      await ports.onEnrolled(deviceId);
      return accept({
        deviceId,
        clusterName,
        rootKey: ports.keys.rootKey,
        keys: ports.keys.keySet().envelope,
        serverTime: instantText(clock.nowMs()),
      });
    },

    nonce: async (input) => {
      const request = nonceRequestSchema.safeParse(input);
      if (!request.success) return refuse(enrolmentRefusal('malformed-request'));
      return accept({ nonce: nonces.make(request.data.deviceId) });
    },

    token: async (input) => {
      const request = tokenRequestSchema.safeParse(input);
      const deviceId = request.success ? claimedDevice(request.data.proof) : undefined;
      if (!request.success || deviceId === undefined) return refuse(enrolmentRefusal('malformed-request'));
      const device = await readDevice(deviceId);
      if (device === undefined) return refuse(enrolmentRefusal('device-not-known'));
      const opened = open({ text: request.data.proof, keys: [device.publicKey], type: 'loa-nonce' });
      const proof = opened.ok ? nonceProofSchema.safeParse(opened.payload) : undefined;
      if (proof?.success !== true || proof.data.deviceId !== deviceId) return refuse(enrolmentRefusal('bad-proof'));
      if (!nonces.use(deviceId, proof.data.nonce)) return refuse(enrolmentRefusal('nonce-expired'));
      const token = tokens.make({ deviceId, clusterId: device.clusterId });
      if (token === undefined) return refuse(enrolmentRefusal('device-not-known'));
      return accept({
        token,
        expiresAt: instantText(clock.nowMs() + deviceTokenLifeMs),
        ...(ports.mqttUrl === undefined ? {} : { mqttUrl: ports.mqttUrl }),
      });
    },

    deviceOf: (token) => tokens.deviceOf(token),
  };
}

/** Whose key to try: only a hint until that key's signature has been verified over it. */
function claimedDevice(proof: string): string | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return nonceProofSchema.safeParse(json).data?.deviceId;
  } catch {
    return undefined;
  }
}
