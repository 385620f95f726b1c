/** What people ask for in single tests: plain unless told otherwise. */
import type { BulletinAsk, EmergencyAsk } from './office.ts';
import { timeZone } from './places.ts';

/** Once, at an instant, in the first commune: 20 s, played once, at most five minutes late. */
export function once(atMs: number, changes: Partial<BulletinAsk> = {}): BulletinAsk {
  const civil = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const time = civil.toPlainTime().toString({ smallestUnit: 'second' });
  return plain({ whens: [{ kind: 'once', date: civil.toPlainDate().toString(), time }], ...changes });
}

/** Every day at a civil time from a day on. */
export function daily(from: string, time: string, changes: Partial<BulletinAsk> = {}): BulletinAsk {
  return plain({ whens: [{ kind: 'daily', from, time }], ...changes });
}

export function now(changes: Partial<BulletinAsk> = {}): BulletinAsk {
  return plain({ whens: [{ kind: 'now' }], ...changes });
}

/** At once in the first commune: 10 s, twice, for an hour. */
export function emergency(changes: Partial<EmergencyAsk> = {}): EmergencyAsk {
  return {
    areaIds: ['xa-1'],
    repeat: { count: 2, gapMs: 1_000 },
    drill: false,
    lifeMs: 3_600_000,
    clipDurationMs: 10_000,
    ...changes,
  };
}

function plain(changes: Partial<BulletinAsk> & Pick<BulletinAsk, 'whens'>): BulletinAsk {
  return {
    class: 'normal',
    areaIds: ['xa-1'],
    repeat: { count: 1, gapMs: 0 },
    late: { kind: 'start', lateMsMax: 300_000 },
    resume: 'drop',
    clipDurationMs: 20_000,
    ...changes,
  };
}
