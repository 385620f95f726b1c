/**
 * Joins the running agent to whoever started it: which release this is, when it is ready, that it is alive, and how it
 * begins anew. Knows the supervisor and the agent; decides nothing of either.
 */
import type { Agent } from './compose.ts';
import type { Life, Player } from './contracts.ts';
import { type Clock, processStartedMs } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import { regularly } from './edges/regularly.ts';
import { boardUptimeMs, bootName, type Supervisor } from './edges/supervisor.ts';
import { startPulse } from './work/health/pulse.ts';

/** A sound card that does not answer is a fault, not a reason to never be ready. */
const outputAnswerMsMax = 10_000;

/** Looked after so often without a watchdog, for the log alone. */
const unwatchedEveryMs = 60_000;

/** What the launcher says of the release it chose; nothing from a checkout. */
export function lifeOf(options: {
  environment: Readonly<Record<string, string | undefined>>;
  beginAnew: (why: string) => void;
}): Life {
  const { LOA_RELEASE_NUMBER: number, LOA_RELEASE_VERSION: version } = options.environment;
  const isReplaceable = number !== undefined && version !== undefined;
  return {
    running: { number: Number(number ?? 0), version: version ?? 'checkout' },
    isReplaceable,
    boot: bootName(),
    uptimeMs: boardUptimeMs,
    startedMs: processStartedMs(),
    beginAnew: options.beginAnew,
  };
}

/** A board that is not enrolled waits for as long as it takes: ready as far as it can be, and alive while its loop turns. */
export function watchEnrolment(supervisor: Supervisor, clock: Clock): { stop(): void } {
  supervisor.ready('waits to be enrolled');
  return regularly(clock, watchEveryMs(supervisor), supervisor.alive);
}

/** Says ready once the output has answered, and alive from then on for as long as it is. */
export function watchOver(parts: {
  supervisor: Supervisor;
  agent: Pick<Agent, 'conductor' | 'deviceId'>;
  player: Pick<Player, 'output'>;
  clock: Clock;
  disk: Pick<Disk, 'replace'>;
  log: (line: string) => void;
}): { stop(): void } {
  const { supervisor, agent, clock } = parts;
  let isReady = false;
  const ready = () => {
    if (isReady) return;
    isReady = true;
    cancel();
    supervisor.ready(`running as ${agent.deviceId}`);
    parts.log('ready');
  };
  const cancel = clock.setTimer(ready, outputAnswerMsMax);
  void parts.player.output().then(ready, ready);
  const pulse = startPulse({
    clock,
    disk: parts.disk,
    conductor: agent.conductor,
    everyMs: watchEveryMs(supervisor),
    onAlive: supervisor.alive,
    onUnwell: (reason) => parts.log(`not well: ${reason}`),
  });
  return {
    stop() {
      cancel();
      pulse.stop();
      supervisor.stopping();
    },
  };
}

function watchEveryMs({ watchdogMs }: Supervisor): number {
  return watchdogMs === undefined ? unwatchedEveryMs : watchdogMs / 3;
}
