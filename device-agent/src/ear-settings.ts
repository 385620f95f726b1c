/** How the environment names what the probes read. Parses; opens nothing. */
import { z } from 'zod';
import type { EarSettings, GaugeSource } from './ears.ts';

const text = z
  .string()
  .optional()
  .transform((given) => (given === undefined || given.trim() === '' ? undefined : given.trim()));

/** `iio:PATH*SCALE` or `file:PATH*SCALE`; the scale is 1 when it is left out. */
export const gaugeSource = text.transform((given, context): GaugeSource | undefined => {
  if (given === undefined) return undefined;
  const found = /^(?:iio|file):(\/[^*]+)(?:\*([-+.eE\d]+))?$/.exec(given);
  const scale = Number(found?.[2] ?? 1);
  if (found?.[1] !== undefined && Number.isFinite(scale) && scale !== 0) return { path: found[1].trim(), scale };
  context.addIssue({ code: 'custom', message: 'must be iio:PATH*SCALE or file:PATH*SCALE, with a path from the root' });
  return z.NEVER;
});

/** An ALSA device, or `command:` and a program with its arguments, parted by spaces; no shell reads it. */
export const recorder = text.transform((given, context): EarSettings['microphone'] => {
  if (given === undefined) return { device: 'default' };
  if (!given.startsWith('command:')) return { device: given };
  const [command, ...args] = given.slice('command:'.length).trim().split(/\s+/);
  if (command !== undefined && command !== '') return { command, args };
  context.addIssue({ code: 'custom', message: 'must name a program behind command:' });
  return z.NEVER;
});

/** HH:MM, or off. */
export const nightTime = text.transform((given, context): string | undefined => {
  const time = given ?? '02:30';
  if (time === 'off') return undefined;
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return time;
  context.addIssue({ code: 'custom', message: 'must be a time of day, HH:MM, or off' });
  return z.NEVER;
});
