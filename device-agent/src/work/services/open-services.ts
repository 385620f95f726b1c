/** Puts the services together: their record on disk, the log's way to the server, and the hands of others. */
import type { Progress } from '@loa/protocol/device';
import type { Board, Outbox, Refusals, ServiceHands, Timekeeper } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import type { Random } from '../../edges/random.ts';
import type { DocumentShelf } from '../../keep/documents/documents.ts';
import { openServiceRecord } from '../../keep/service-record.ts';
import { isQuiet } from '../quiet.ts';
import { createLogSending } from './send-log.ts';
import { createServices, type Services } from './services.ts';

/** What a board can be asked to do beyond sound. */
export interface Serving {
  /** The log since an instant, gzipped; absent: it cannot be asked for. */
  gatherLog?: ((sinceMs: number | undefined) => Promise<Uint8Array>) | undefined;
  /** Who restarts and updates this board; what is handed in is declared and obeyed. */
  hands?: Partial<Omit<ServiceHands, 'logs'>> | undefined;
}

/** Opens the record; nothing is carried out before `start`. */
export async function openServices(
  parts: Serving & {
    disk: Disk;
    clock: Clock;
    random: Random;
    time: Pick<Timekeeper, 'now'>;
    documents: Pick<DocumentShelf, 'orders' | 'plan' | 'floorMs'>;
    outbox: Outbox;
    refusals: Refusals;
    progress: () => Progress[];
    sendLog: (orderId: string, gzipped: Uint8Array) => Promise<{ status: number }>;
    onDamaged: (damage: Damage) => void;
    log: (line: string) => void;
  },
): Promise<Services> {
  const { documents, gatherLog } = parts;
  const nowMs = () => parts.time.now().ms;
  const sending = gatherLog && createLogSending({ ...parts, nowMs, gather: gatherLog, send: parts.sendLog });
  const services = createServices({
    ...parts,
    floorMs: documents.floorMs,
    record: await openServiceRecord(parts),
    hands: { ...parts.hands, ...(sending === undefined ? {} : { logs: sending.logs }) },
    isQuiet: () =>
      isQuiet({
        nowMs: nowMs(),
        progress: parts.progress(),
        orders: documents.orders().map(({ order }) => order),
        items: documents.plan()?.body.items ?? [],
      }),
  });
  return {
    ...services,
    stop() {
      services.stop();
      sending?.stop();
    },
  };
}

/** The board with what it can be asked to do, so that nobody is offered what nobody would carry out. */
export function withServices(board: Board, can: Record<'logs' | 'restart' | 'update', boolean>): Board {
  const wired = (['logs', 'restart', 'update'] as const).filter((kind) => can[kind]);
  const { services = [] } = board.capabilities;
  return { ...board, capabilities: { ...board.capabilities, services: [...new Set([...services, ...wired])] } };
}
