/** Keeps the board's own page open: its network may come up later than the agent, so it is tried until it is there. */
import { connectionMsMax, type Listener, listen } from '../../edges/listener.ts';
import { regularly } from '../../edges/regularly.ts';
import type { PoleState } from '../../pole-state.ts';
import { createLocalDoor, type LocalDoorParts } from './local-door.ts';

/** A hotspot that comes up is noticed so soon. */
const retryMs = 15_000;

/** Opens the page at an address of the board and keeps it open until stopped. */
export function openLocalPage(parts: LocalDoorParts & { address: string; port: number }): {
  /** Where it listens; undefined while it cannot. */
  port(): number | undefined;
  /** Open, or why not; undefined before the first try has ended. */
  state(): PoleState['page'];
  stop(): Promise<void>;
} {
  const answer = createLocalDoor(parts);
  let listener: Listener | undefined;
  let state: PoleState['page'];
  let said = '';
  let isRunning = true;

  const watch = regularly(parts.clock, retryMs, async () => {
    if (listener !== undefined || !isRunning) return;
    const opened = await listen({ at: parts, answer, connectionMs: connectionMsMax });
    state = opened.ok ? 'open' : opened.problem;
    const words = opened.ok
      ? `local page at ${parts.address}:${opened.listener.port}`
      : `no local page: ${opened.reason}`;
    if (words !== said) parts.log(words);
    said = words;
    if (!opened.ok) return;
    if (isRunning) listener = opened.listener;
    else await opened.listener.close();
  });

  return {
    port: () => listener?.port,
    state: () => state,
    async stop() {
      isRunning = false;
      watch.stop();
      await listener?.close();
    },
  };
}
