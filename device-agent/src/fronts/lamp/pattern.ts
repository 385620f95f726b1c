/** How a sign looks in time: flashes that people can count, with a pause that ends the count. Pure. */
import { type LampSign, lampCodes } from '../../work/signs/lamp-sign.ts';

export interface LampStep {
  isOn: boolean;
  forMs: number;
}

/** Slow enough to be counted aloud, and a pause that nobody takes for one of the gaps. */
const flash = { onMs: 250, offMs: 350, pauseMs: 2_000 };

/** So long is shown of what does not change before the sign is looked at again. */
const litMs = 500;
const flickerMs = 100;

/** One round; begins anew when it is over. */
export function patternOf(sign: LampSign): readonly LampStep[] {
  const { flashes } = lampCodes[sign];
  if (flashes === 'lit') return [{ isOn: true, forMs: litMs }];
  if (flashes === 'flicker')
    return [
      { isOn: true, forMs: flickerMs },
      { isOn: false, forMs: flickerMs },
    ];
  return Array.from({ length: flashes }, (_, index) => [
    { isOn: true, forMs: flash.onMs },
    { isOn: false, forMs: index === flashes - 1 ? flash.pauseMs : flash.offMs },
  ]).flat();
}
