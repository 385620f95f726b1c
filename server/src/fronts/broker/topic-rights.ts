/**
 * What may a device read and write over MQTT? Its own documents, the orders of its own areas, and its own presence; no
 * wildcard and nothing else (DESIGN P11: a stolen device can command nobody). Pure.
 */
import { type Presence, parseTopic, presenceSchema, topics } from '@loa/protocol/device';

/** Topics a device may subscribe to; one that is not in the list is refused, wildcards among them. */
export function readableTopics(deviceId: string, areaIds: readonly string[]): string[] {
  const own = [topics.keys(), topics.plan(deviceId), topics.hours(deviceId), topics.deviceOrders(deviceId)];
  return [...own, ...areaIds.map((areaId) => topics.areaOrders(areaId))];
}

/** The presence a publish tells, or undefined when the device may not publish it. */
export function presenceOf(publish: {
  deviceId: string;
  topic: string;
  payload: Uint8Array | string;
}): Presence | undefined {
  const topic = parseTopic(publish.topic);
  if (topic?.kind !== 'presence' || topic.deviceId !== publish.deviceId) return undefined;
  try {
    const text = Buffer.from(publish.payload).toString('utf8');
    const parsed = presenceSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
