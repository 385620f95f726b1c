/**
 * What should sound where between two instants: every occurrence with the devices it addresses, as the law of schedules
 * and the areas' hours say. Reads, never writes.
 */
import { createAddresses, lengthSlackMs, occurrenceId, type Window } from '@loa/schedules';
import { createAreaPlans } from '../../keep/store/rows/area-plan.ts';
import { parseBulletin, plannedEndMs } from '../../keep/store/rows/bulletin-row.ts';
import { type PlacedDevice, type Programme, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import type { Expectation } from '../contracts.ts';

/** All occurrences that start inside the window, in order of their start. */
export async function readExpectations(db: Reader, window: Window): Promise<Expectation[]> {
  const programme = await readProgramme(db, { fromMs: window.fromMs });
  const found = new Map<string, Expectation>();
  const planOf = createAreaPlans(programme, window);
  for (const device of programme.devices) {
    for (const item of planOf(device).items) {
      if (device.enrolledMs > item.atMs) continue;
      const untilMs = item.atMs + item.lengthMsMax - lengthSlackMs;
      const { occurrence, bulletinId, atMs } = item;
      const expectation = found.get(occurrence) ?? { occurrence, bulletinId, atMs, untilMs, targets: [] };
      expectation.atMs = Math.min(expectation.atMs, atMs);
      expectation.untilMs = Math.max(expectation.untilMs, untilMs);
      expectation.targets.push({ deviceId: device.deviceId, clusterId: device.clusterId, atMs, untilMs });
      found.set(occurrence, expectation);
    }
  }
  for (const emergency of await readEmergencies(db, { window, programme })) found.set(emergency.occurrence, emergency);
  return [...found.values()].sort((a, b) => a.atMs - b.atMs || (a.occurrence < b.occurrence ? -1 : 1));
}

/** Emergencies are expected of every device below their areas, also when they have been stopped since. */
async function readEmergencies(db: Reader, options: { window: Window; programme: Programme }): Promise<Expectation[]> {
  const { window, programme } = options;
  const rows = await db
    .selectFrom('bulletins')
    .innerJoin('clips', 'clips.id', 'bulletins.clip_id')
    .selectAll('bulletins')
    .select('clips.duration_ms')
    .where('class', '=', 'emergency')
    .where('now_at_ms', '>=', window.fromMs)
    .where('now_at_ms', '<', window.untilMs)
    .execute();
  const addressesOf = createAddresses(programme.areas);
  return rows.map((row) => {
    const bulletin = parseBulletin(row);
    const atMs = bulletin.nowAtMs ?? bulletin.createdMs;
    const lastMs = (bulletin.state === 'accepted' ? bulletin.expiresMs : null) ?? atMs;
    const isMeant = ({ clusterId: id, ...device }: PlacedDevice) =>
      device.enrolledMs <= lastMs && addressesOf({ id, ...device }).some((at) => bulletin.areaIds.includes(at));
    const untilMs = plannedEndMs({ atMs, clipDurationMs: row.duration_ms, repeat: bulletin.repeat });
    const devices = programme.devices.filter(isMeant);
    return {
      occurrence: occurrenceId(bulletin.id, atMs),
      bulletinId: bulletin.id,
      atMs,
      untilMs,
      targets: devices.map(({ deviceId, clusterId }) => ({ deviceId, clusterId, atMs, untilMs })),
    };
  });
}
