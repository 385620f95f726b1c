/**
 * Asks each sensor at its own pace and keeps what they said last. A sensor that does not answer takes its figures with
 * it: unknown is not the last known. Judges nothing; passes every answer on.
 */
import type { Readings } from '@loa/protocol/device';
import type { Sensor } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import { regularly } from '../../edges/regularly.ts';

/** A sensor that has not answered by then has not answered. */
const answerMsMax = 6_000;

export interface SensorWatch {
  /** All that is known now. */
  readings(): Readings;
  stop(): void;
}

export function watchSensors(ports: {
  clock: Clock;
  sensors: readonly Sensor[];
  onAnswer: (answered: Partial<Readings>, all: Readings) => void;
}): SensorWatch {
  const { clock } = ports;
  const last = new Map<Sensor, Partial<Readings>>();
  let isRunning = true;
  const readings = () => Object.assign({}, ...last.values()) as Readings;

  async function ask(sensor: Sensor): Promise<void> {
    let cancelLate = () => {};
    const late = new Promise<undefined>((resolve) => {
      cancelLate = clock.setTimer(() => resolve(undefined), answerMsMax);
    });
    const answer = await Promise.race([sensor.read().catch(() => undefined), late]);
    cancelLate();
    if (!isRunning) return;
    if (answer === undefined) last.delete(sensor);
    else last.set(sensor, answer);
    ports.onAnswer(answer ?? {}, readings());
  }

  const watches = ports.sensors.map((sensor) => regularly(clock, sensor.everyMs, () => ask(sensor)));
  return {
    readings,
    stop() {
      isRunning = false;
      for (const watch of watches) watch.stop();
    },
  };
}
