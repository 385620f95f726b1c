/** The amplifier as the agent has switched it, and what it draws where that is measured. */
import type { Sensor } from '../../contracts.ts';

const switchEveryMs = 2_000;
const currentEveryMs = 10_000;

/** `isOn`: undefined while it is not known. */
export function amplifierState(isOn: () => boolean | undefined): Sensor {
  return {
    kind: 'amplifier-switch',
    everyMs: switchEveryMs,
    async read() {
      const amplifierOn = isOn();
      return amplifierOn === undefined ? undefined : { amplifierOn };
    },
  };
}

/** `currentMa`: undefined while the gauge does not answer. */
export function amplifierDraw(currentMa: () => Promise<number | undefined>): Sensor {
  return {
    kind: 'amplifier-current',
    everyMs: currentEveryMs,
    async read() {
      const amplifierCurrentMa = await currentMa();
      return amplifierCurrentMa === undefined ? undefined : { amplifierCurrentMa };
    },
  };
}
