/**
 * What one panel is sent: a snapshot, then numbered deltas, and a beat so that it knows it is not stale (DESIGN P13).
 * Changes are gathered for a moment, the newest state of each thing winning. A panel that does not keep up is sent
 * nothing until its connection has drained, and then one fresh snapshot: memory for it is bounded, others never wait.
 */
import { beatMs, type Change, type PanelMessage, type Person, panelRequestSchema } from '@loa/protocol/panel';
import { WebSocket } from 'ws';
import type { Clock } from '../../edges/clock.ts';
import type { Log, Roster, Work } from '../../work/contracts.ts';

/** Changes are gathered this long: one frame for what a beat of a thousand devices changes at once. */
const gatherMs = 100;

/** What may wait for a panel beyond the snapshot it was sent. */
const slackBytes = 256 * 1024;

/** A panel that has not drained for this long is cut; its page connects again when it can. */
const slowMsMax = 60_000;

/** The sign-in is looked up this often, and a sign of life asked for. */
const checkMs = 15_000;
const silentMsMax = 45_000;

/** Snapshots a panel may ask for. */
const resyncMsMin = 1_000;

const closing = { away: 1001, policy: 1008, signedOut: 4401 } as const;

export interface PanelFeed {
  /** Tells the panel that its sign-in has ended, and closes. */
  signedOut(): void;
  /** The picture's frame has changed: what may be seen is looked up anew, and a new snapshot follows. */
  begin(): void;
  end(): void;
}

export interface FeedPorts {
  person: Person;
  roster: Pick<Roster, 'snapshot' | 'subscribe'>;
  clock: Clock;
  clockDoubt: Work['clockDoubt'];
  log: Log;
  /** The person of the sign-in as it stands now. */
  stillSignedIn(): Promise<Person | undefined>;
}

/** Feeds a panel until its connection ends; then calls `onEnd`, once. */
export function feed(websocket: WebSocket, ports: FeedPorts, onEnd: () => void): PanelFeed {
  const { clock, roster, log } = ports;
  const gathered = new Map<string, Change>();
  let person = ports.person;
  let number = 0;
  let snapshotBytes = 0;
  let snapshotAtMs = Number.NEGATIVE_INFINITY;
  let behindSinceMs: number | undefined;
  let isResyncWanted = false;
  let heardAtMs = clock.monotonicMs();
  let checkedAtMs = clock.monotonicMs();
  let isOver = false;
  let cancelFlush: (() => void) | undefined;
  let cancelBeat = () => {};
  let unsubscribe = () => {};

  const finish = () => {
    if (isOver) return;
    isOver = true;
    cancelFlush?.();
    cancelBeat();
    unsubscribe();
    onEnd();
  };
  const serverTime = () => new Date(clock.nowMs()).toISOString();
  const time = () => {
    const clockDoubt = ports.clockDoubt();
    return { serverTime: serverTime(), ...(clockDoubt === undefined ? {} : { clockDoubt }) };
  };
  const write = (message: PanelMessage): number => {
    const text = JSON.stringify(message);
    websocket.send(text, () => {
      if (behindSinceMs !== undefined && websocket.bufferedAmount === 0) sendSnapshot();
    });
    return text.length;
  };
  const sendSnapshot = () => {
    if (isOver || websocket.readyState !== WebSocket.OPEN) return;
    gathered.clear();
    behindSinceMs = undefined;
    isResyncWanted = false;
    snapshotAtMs = clock.monotonicMs();
    number += 1;
    snapshotBytes = write({ ...roster.snapshot(person), number, ...time() });
  };
  const isSlow = () => websocket.bufferedAmount > snapshotBytes + slackBytes;
  const flush = () => {
    cancelFlush = undefined;
    if (isOver || behindSinceMs !== undefined || gathered.size === 0) return;
    if (isSlow()) {
      behindSinceMs = clock.monotonicMs();
      gathered.clear();
      return;
    }
    number += 1;
    const changes = [...gathered.values()];
    gathered.clear();
    write({ kind: 'delta', number, serverTime: serverTime(), changes });
  };
  const watch = () => {
    unsubscribe();
    unsubscribe = roster.subscribe(person, (changes) => {
      if (isOver || behindSinceMs !== undefined) return;
      for (const change of changes) gathered.set(keyOf(change), change);
      cancelFlush ??= clock.setTimer(flush, gatherMs);
    });
    sendSnapshot();
  };
  const signedOut = () => {
    if (isOver) return;
    write({ kind: 'signed-out' });
    finish();
    websocket.close(closing.signedOut, 'signed out');
  };
  const check = async (isAnew = false) => {
    websocket.ping();
    const now = await ports.stillSignedIn();
    if (isOver) return;
    if (now === undefined) return signedOut();
    const isOther = JSON.stringify(now) !== JSON.stringify(person);
    person = now;
    if (isOther || isAnew) watch();
  };
  const beat = () => {
    cancelBeat = clock.setTimer(() => {
      const nowMs = clock.monotonicMs();
      const isStuck = behindSinceMs !== undefined && nowMs - behindSinceMs >= slowMsMax;
      if (isStuck || nowMs - heardAtMs >= silentMsMax) {
        finish();
        return websocket.terminate();
      }
      if (isResyncWanted || behindSinceMs !== undefined) {
        if (websocket.bufferedAmount === 0) sendSnapshot();
      } else if (!isSlow()) {
        write({ kind: 'beat', number, ...time() });
      }
      if (nowMs - checkedAtMs >= checkMs) {
        checkedAtMs = nowMs;
        check().catch((error: unknown) => log('warn', 'a sign-in could not be looked up', { error: String(error) }));
      }
      beat();
    }, beatMs);
  };

  websocket.on('message', (data, isBinary) => {
    heardAtMs = clock.monotonicMs();
    if (isOver) return;
    if (isBinary || !isResync(data.toString())) {
      finish();
      websocket.close(closing.policy, 'not understood');
      return;
    }
    if (behindSinceMs === undefined && heardAtMs - snapshotAtMs >= resyncMsMin) sendSnapshot();
    else isResyncWanted = true;
  });
  websocket.on('pong', () => {
    heardAtMs = clock.monotonicMs();
  });
  websocket.on('error', (error) => log('debug', 'a panel’s feed broke', { error: error.message }));
  websocket.on('close', finish);
  watch();
  beat();
  return {
    signedOut,
    begin: () => {
      check(true).catch((error: unknown) => log('warn', 'a sign-in could not be looked up', { error: String(error) }));
    },
    end: () => {
      finish();
      websocket.close(closing.away, 'the server is stopping');
    },
  };
}

function isResync(text: string): boolean {
  try {
    return panelRequestSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function keyOf(change: Change): string {
  if (change.kind === 'cluster') return `cluster ${change.cluster.id}`;
  if (change.kind === 'area') return `area ${change.area.id}`;
  return `airing ${change.kind === 'airing' ? change.airing.occurrence : change.occurrence}`;
}
