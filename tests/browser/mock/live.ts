/** The mock's live feed: a snapshot, then twice a second what has changed in it, and beats in between. */
import { beatMs, type Change, panelMessageSchema, panelRequestSchema, type Snapshot } from '@loa/protocol/panel';
import type { WebSocket } from 'ws';

/** How often the mock looks for changes. */
const lookMs = 500;

export function serveLive(socket: WebSocket, look: () => Snapshot): void {
  let number = 0;
  let sent = new Map<string, string>();
  let sentAtMs = 0;
  const send = (message: unknown) => {
    socket.send(JSON.stringify(panelMessageSchema.parse(message)));
    sentAtMs = performance.now();
  };
  const start = () => {
    const snapshot = look();
    number += 1;
    sent = textsOf(snapshot);
    send({ ...snapshot, number });
  };
  const tick = setInterval(() => {
    const snapshot = look();
    const texts = textsOf(snapshot);
    const changes: Change[] = [];
    for (const cluster of snapshot.clusters) {
      if (sent.get(`c ${cluster.id}`) !== texts.get(`c ${cluster.id}`)) changes.push({ kind: 'cluster', cluster });
    }
    for (const airing of snapshot.airings) {
      if (sent.get(`a ${airing.occurrence}`) !== texts.get(`a ${airing.occurrence}`))
        changes.push({ kind: 'airing', airing });
    }
    for (const area of snapshot.areas) {
      if (sent.get(`p ${area.id}`) !== texts.get(`p ${area.id}`)) changes.push({ kind: 'area', area });
    }
    sent = texts;
    if (changes.length > 0) {
      number += 1;
      send({ kind: 'delta', number, serverTime: snapshot.serverTime, changes });
    } else if (performance.now() - sentAtMs >= beatMs - lookMs) {
      send({ kind: 'beat', number, serverTime: snapshot.serverTime });
    }
  }, lookMs);
  socket.on('message', (data) => {
    if (panelRequestSchema.safeParse(JSON.parse(String(data))).success) start();
  });
  socket.on('close', () => clearInterval(tick));
  start();
}

function textsOf(snapshot: Snapshot): Map<string, string> {
  return new Map([
    ...snapshot.clusters.map((cluster) => [`c ${cluster.id}`, JSON.stringify(cluster)] as const),
    ...snapshot.areas.map((area) => [`p ${area.id}`, JSON.stringify(area)] as const),
    ...snapshot.airings.map((airing) => [`a ${airing.occurrence}`, JSON.stringify(airing)] as const),
  ]);
}
