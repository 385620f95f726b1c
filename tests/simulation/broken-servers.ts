/** What broken servers do differently; each breaks one thing. */
import { nonceProofSchema, type ServerMessage } from '@loa/protocol/device';
import { accept } from '@loa/server/refusal.ts';
import type { DeviceLife, Enrolment, Intake } from '@loa/server/work/contracts.ts';
import type { MortalClock } from './life.ts';

/** Loses the first report of a frame. */
export function oneLost(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports' || message.reports.length < 2) return life.receive(message);
      await life.receive({ ...message, reports: message.reports.slice(1) });
    });
  };
}

/** Nobody listens to what devices think of the time. */
export function unasked(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, (message) => {
      if (message.kind !== 'hello' && message.kind !== 'heartbeat') return life.receive(message);
      return life.receive({ ...message, clock: { ...message.clock, atMs: undefined } });
    });
  };
}

/** Dates reports when they come. */
export function redated(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports') return life.receive(message);
      const at = message.reports.at(-1)?.at ?? '';
      await life.receive({ ...message, reports: message.reports.map((report) => ({ ...report, at })) });
    });
  };
}

/** A machine whose jumps nobody can tell from time that has passed: its other clock jumps with it. */
export function credulous(clock: MortalClock): MortalClock {
  const startMs = clock.wallMs() - clock.monotonicMs();
  return { ...clock, monotonicMs: () => clock.nowMs() - startMs };
}

/** Reports come again under another stream. */
export function twice(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const isOwn = (message: ServerMessage) => message.kind !== 'receipt' || !message.stream.endsWith('-again');
    const life = intake.open(device, (message) => isOwn(message) && send(message), close);
    return receiving(life, async (message) => {
      await life.receive(message);
      if (message.kind === 'reports') await life.receive({ ...message, stream: `${message.stream}-again` });
    });
  };
}

/** Receipts reports and forgets them. */
export function unread(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports') return life.receive(message);
      send({ kind: 'receipt', stream: message.stream, seq: message.reports.at(-1)?.seq ?? 0 });
    });
  };
}

/** Tells a time that is ahead. */
export function ahead(intake: Intake): Intake['open'] {
  // Less than what a server's guard of its clock takes for a fault of its own.
  const byMs = 20_000;
  return (device, send, close) =>
    intake.open(
      device,
      (message) =>
        send(
          message.kind === 'time-answer'
            ? { ...message, receivedMs: message.receivedMs + byMs, answeredMs: message.answeredMs + byMs }
            : message,
        ),
      close,
    );
}

function receiving(life: DeviceLife, receive: DeviceLife['receive']): DeviceLife {
  return { receive, closed: () => life.closed() };
}

/** Lets in whoever asks. */
export function openDoor(enrolment: Enrolment): Enrolment {
  const prefix = 'anybody-';
  return {
    ...enrolment,
    token: async (request) => {
      const answer = await enrolment.token(request);
      if (answer.ok || typeof request !== 'object' || request === null || !('proof' in request)) return answer;
      const body = String(request.proof).split('.')[1] ?? '';
      const { deviceId } = nonceProofSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
      return accept({ token: prefix + deviceId, expiresAt: new Date(0).toISOString() });
    },
    deviceOf: (token) => enrolment.deviceOf(token),
  };
}
