/** Whether the amplifier is switched on, as the agent itself has switched it. */
import type { Sensor } from '../../contracts.ts';

const everyMs = 2_000;

/** `isOn`: undefined while it is not known. */
export function amplifierState(isOn: () => boolean | undefined): Sensor {
  return {
    kind: 'amplifier-switch',
    everyMs,
    async read() {
      const amplifierOn = isOn();
      return amplifierOn === undefined ? undefined : { amplifierOn };
    },
  };
}
