/** States of a board for tests: one that is well, and what is changed of it. */
import type { PoleState, RunningState } from '@loa/device-agent/pole-state.ts';

/** 12:00 on a Wednesday in Vietnam. */
export const noonMs = Date.parse('2026-11-25T12:00:00+07:00');

/** A board that runs and is well, with changes. */
export function poleStateOf(changes: Partial<RunningState>): PoleState {
  return {
    agentVersion: '0.1.0',
    board: 'Raspberry Pi Zero 2 W',
    player: 'alsa',
    fitting: 'none',
    enrolment: { phase: 'enrolled' },
    running: {
      deviceId: 'cum-01',
      clusterName: 'Nhà văn hóa thôn 1',
      server: 'loa.example',
      mqtt: 'connected',
      socket: 'connected',
      isLinked: true,
      lastContactMs: noonMs - 2_000,
      clock: { nowMs: noonMs, trusted: true, boundMs: 12 },
      planUntilMs: noonMs + 9 * 86_400_000,
      timeZone: 'Asia/Ho_Chi_Minh',
      documents: { plan: '1.5', hours: '1.2', keys: 1 },
      next: { atMs: noonMs + 5 * 3_600_000, lengthMs: 15 * 60_000 },
      sounding: 'nothing',
      faults: [],
      ...changes,
    },
  };
}

/** A board that nobody has enrolled. */
export function newPole(enrolment: PoleState['enrolment'] = { phase: 'waiting' }): PoleState {
  const { running: _running, ...rest } = poleStateOf({});
  return { ...rest, enrolment };
}
