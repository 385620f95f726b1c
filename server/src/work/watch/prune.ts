/**
 * What the store may forget: plan bodies no plan names any more, raw reports whose meaning has long been applied, and
 * tests, restarts and the like of more than a year ago.
 * The newest report of each stream stays, since a device is told by it how far it is stored. The audit log never shrinks.
 */
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { WorkPorts } from '../contracts.ts';

/** A body that has just been replaced may still be on its way to a device. */
const bodiesKeptMs = 86_400_000;
/** Raw reports are evidence when something is asked about; a season is enough. */
const reportsKeptMs = 90 * 86_400_000;
/** Who asked a board for what stays in the audit log. */
const servicesKeptMs = 400 * 86_400_000;
/** Deleted in one statement. */
const lotSize = 500;

export async function prune(ports: Pick<WorkPorts, 'store' | 'clock'>): Promise<void> {
  const { store } = ports;
  const nowMs = ports.clock.nowMs();
  const stale = await store.read(async (db) => {
    const plans = await db.selectFrom('documents').select('envelope').where('kind', '=', 'plan').execute();
    const named = new Set(
      plans.map(({ envelope }) => documentOf(envelope)).map((plan) => (plan.kind === 'plan' ? plan.body.hash : '')),
    );
    const old = await db
      .selectFrom('bodies')
      .select('hash')
      .where('created_ms', '<', nowMs - bodiesKeptMs)
      .execute();
    return old.map(({ hash }) => hash).filter((hash) => !named.has(hash));
  });
  for (const lot of lots(stale, lotSize)) {
    await store.write((tx) =>
      tx
        .deleteFrom('bodies')
        .where('hash', 'in', lot)
        // One that a plan has come to name in the meantime was touched when it was kept.
        .where('created_ms', '<', nowMs - bodiesKeptMs)
        .execute(),
    );
  }
  await store.write((tx) =>
    tx
      .deleteFrom('reports')
      .where('received_ms', '<', nowMs - reportsKeptMs)
      .where('seq', '<', (eb) =>
        eb
          .selectFrom('reports as newest')
          .select((inner) => inner.fn.max('newest.seq').as('seq'))
          .whereRef('newest.device_id', '=', 'reports.device_id')
          .whereRef('newest.stream', '=', 'reports.stream'),
      )
      .execute(),
  );
  await store.write((tx) =>
    tx
      .deleteFrom('services')
      .where('expires_ms', '<', nowMs - servicesKeptMs)
      .execute(),
  );
}
