/** Gathers a running agent's state from its rooms, in the shape it is shown in. Judges nothing. */
import type { DeviceFaultCode, Order, Progress } from '@loa/protocol/device';
import type { Documents, Identity, LinkState, Timekeeper } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { RunningState } from '../../pole-state.ts';

export interface RunningParts {
  clock: Clock;
  time: Pick<Timekeeper, 'now' | 'distrust'>;
  identity: Pick<Identity, 'deviceId' | 'clusterName' | 'serverUrl'>;
  link: () => LinkState;
  documents: Documents;
  progress: () => Progress[];
  faults: () => readonly { code: DeviceFaultCode; sinceMs: number }[];
}

export interface RunningWatch {
  /** The link's state changed. */
  heardLink(state: LinkState): void;
  state(): RunningState;
}

/** Remembers when the server was last in reach, and gathers the rest when asked. */
export function watchRunning(parts: RunningParts): RunningWatch {
  const { clock, documents } = parts;
  /** Of the monotonic clock, so that a clock that is set right does not move the past. */
  let contactMonotonicMs: number | undefined;
  let wasInReach = false;

  function heardLink({ mqtt, socket }: LinkState): void {
    const isInReach = mqtt.phase === 'connected' || socket.phase === 'connected';
    if (isInReach || wasInReach) contactMonotonicMs = clock.monotonicMs();
    wasInReach = isInReach;
  }

  return {
    heardLink,
    state() {
      const link = parts.link();
      heardLink(link);
      const now = parts.time.now();
      const distrust = parts.time.distrust();
      const plan = documents.plan();
      const hours = documents.hours();
      const { plan: planNumber, hours: hoursNumber, keys } = documents.holds();
      const orders = documents.orders().map(({ order }) => order);
      const next = nextOf(plan?.body.items ?? [], now.ms);
      const contact =
        contactMonotonicMs === undefined ? undefined : now.ms - (clock.monotonicMs() - contactMonotonicMs);
      return {
        deviceId: parts.identity.deviceId,
        clusterName: parts.identity.clusterName,
        server: new URL(parts.identity.serverUrl).hostname,
        mqtt: link.mqtt.reason ?? link.mqtt.phase,
        socket: link.socket.reason ?? link.socket.phase,
        isLinked: link.mqtt.phase === 'connected' && link.socket.phase === 'connected',
        ...(contact === undefined ? {} : { lastContactMs: contact }),
        clock: {
          nowMs: now.ms,
          trusted: now.trusted,
          boundMs: now.boundMs,
          ...(distrust === undefined ? {} : { distrust }),
        },
        ...(plan === undefined ? {} : { planUntilMs: plan.head.untilMs }),
        timeZone: hours?.timeZone ?? 'Asia/Ho_Chi_Minh',
        documents: { plan: numberOf(planNumber), hours: numberOf(hoursNumber), keys },
        ...(next === undefined ? {} : { next }),
        sounding: soundingOf(parts.progress(), orders),
        faults: parts.faults().map(({ code, sinceMs }) => ({ code, sinceMs })),
      };
    },
  };
}

/** The earliest planned start that is still to come. */
export function nextOf(
  items: readonly { atMs: number; lengthMsMax: number }[],
  nowMs: number,
): { atMs: number; lengthMs: number } | undefined {
  const coming = items.filter(({ atMs }) => atMs > nowMs);
  const first = coming.reduce<(typeof coming)[number] | undefined>(
    (soonest, item) => (soonest === undefined || item.atMs < soonest.atMs ? item : soonest),
    undefined,
  );
  return first === undefined ? undefined : { atMs: first.atMs, lengthMs: first.lengthMsMax };
}

function soundingOf(progress: readonly Progress[], orders: readonly Order[]): RunningState['sounding'] {
  const playing = progress.find(({ phase }) => phase === 'playing');
  if (playing === undefined) return 'nothing';
  const isEmergency = orders.some((order) => order.kind === 'emergency' && order.occurrence === playing.occurrence);
  return isEmergency ? 'emergency' : 'routine';
}

function numberOf(sequence: { epoch: number; number: number } | undefined): string {
  return sequence === undefined ? 'none' : `${sequence.epoch}.${sequence.number}`;
}
