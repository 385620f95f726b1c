/**
 * Names of the MQTT topics of one installation. All of them carry state: retained, QoS 1, each message replaces the
 * former. Ids are checked before they enter a topic, so that none can carry a wildcard or a level.
 */

const idPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** True for an id that may stand in a topic: 1–64 of a–z, 0–9 and hyphen, not starting with a hyphen. */
export function isTopicId(id: string): boolean {
  return idPattern.test(id);
}

/** What the server wants of a device, one document each. */
export const topics = {
  /** Set of signing keys, signed by the root key. Read by every device. */
  keys: () => 'loa/v1/keys',
  plan: (deviceId: string) => `loa/v1/device/${checked(deviceId)}/plan`,
  hours: (deviceId: string) => `loa/v1/device/${checked(deviceId)}/hours`,
  deviceOrders: (deviceId: string) => `loa/v1/device/${checked(deviceId)}/orders`,
  areaOrders: (areaId: string) => `loa/v1/area/${checked(areaId)}/orders`,
  /** The only topic a device may publish: its presence, retained, with a last will. */
  presence: (deviceId: string) => `loa/v1/device/${checked(deviceId)}/presence`,
} as const;

/** What a topic is, told from its text. */
export type Topic =
  | { kind: 'keys' }
  | { kind: 'plan' | 'hours' | 'device-orders' | 'presence'; deviceId: string }
  | { kind: 'area-orders'; areaId: string };

/** The parts of a topic, or undefined when it is none of Loa's. */
export function parseTopic(text: string): Topic | undefined {
  const levels = text.split('/');
  if (levels[0] !== 'loa' || levels[1] !== 'v1') return undefined;
  if (levels.length === 3 && levels[2] === 'keys') return { kind: 'keys' };
  const [, , family, id, leaf] = levels;
  if (levels.length !== 5 || id === undefined || !isTopicId(id)) return undefined;
  if (family === 'area') return leaf === 'orders' ? { kind: 'area-orders', areaId: id } : undefined;
  if (family !== 'device') return undefined;
  if (leaf === 'orders') return { kind: 'device-orders', deviceId: id };
  if (leaf === 'plan' || leaf === 'hours' || leaf === 'presence') return { kind: leaf, deviceId: id };
  return undefined;
}

function checked(id: string): string {
  if (!isTopicId(id)) throw new Error(`Not an id for a topic: ${JSON.stringify(id)}`);
  return id;
}
