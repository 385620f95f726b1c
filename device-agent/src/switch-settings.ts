/**
 * How a board is told what switches its amplifier or, of a bridge, the contact that seizes an old station, and what kind
 * of device it is. Parsed and refused like every other setting.
 */
import { z } from 'zod';

/** What is switched, and by what. */
export type SwitchSpec =
  /** A line of a GPIO chip, held by libgpiod's `gpioset`. */
  | { kind: 'gpio'; chip: string; line: number; isActiveLow: boolean }
  /** A file that takes 1 and 0. */
  | { kind: 'sysfs'; path: string; isActiveLow: boolean }
  /** A program that is called with `on` or `off`. */
  | { kind: 'command'; program: string };

export interface SwitchSettings {
  deviceKind: 'receiver' | 'bridge';
  amplifier: { spec: SwitchSpec | undefined; warmUpMs: number; holdMs: number };
  /** Of a bridge. */
  contact: {
    spec: SwitchSpec | undefined;
    /** Closed so long before the first sample, opened so long after the last. */
    leadMs: number;
    tailMs: number;
    /** A file that reads 1 while it is closed. */
    feedback: { path: string; isActiveLow: boolean } | undefined;
  };
  emergencyFloorDb: number;
}

/** For the README's table and `--help`. */
export const switchSettingsTable = [
  ['LOA_EMERGENCY_FLOOR_DB', '-6', 'An emergency is never softer than this gain, dB, −20 to 12, whatever else is set'],
  [
    'LOA_AMPLIFIER',
    'none',
    'Switches the amplifier: gpio:<chip>/<line>[,active-low], sysfs:<path>[,active-low], command:<program>',
  ],
  ['LOA_AMPLIFIER_WARMUP_MS', '0', 'From switched on until sound is heard, ms, 0 to 10000'],
  ['LOA_AMPLIFIER_HOLD_S', '20', 'The amplifier stays on so long after an item, s, 0 to 3600'],
  ['LOA_DEVICE_KIND', 'receiver', 'receiver: drives horns; bridge: drives an old wired or FM station'],
  ['LOA_CONTACT', 'none', "Of a bridge: the station's contact, told as LOA_AMPLIFIER is"],
  ['LOA_CONTACT_LEAD_MS', '500', 'The contact closes so long before the first sample, ms, 0 to 10000'],
  ['LOA_CONTACT_TAIL_MS', '500', 'The contact opens so long after the last sample, ms, 0 to 10000'],
  ['LOA_CONTACT_FEEDBACK', '', 'sysfs:<path>[,active-low]: reads 1 while the contact is really closed'],
] as const;

const text = z
  .string()
  .optional()
  .transform((given) => (given === undefined || given.trim() === '' ? undefined : given.trim()));

const forms = 'must be none, gpio:<chip>/<line>[,active-low], sysfs:</path>[,active-low] or command:</program>';

const switchSpec = text.transform((given, context): SwitchSpec | undefined => {
  if (given === undefined || given === 'none') return undefined;
  const [, kind, place = '', low] = /^(gpio|sysfs|command):(.+?)(,active-low)?$/.exec(given) ?? [];
  const isActiveLow = low !== undefined;
  const [, chip, line] = /^((?:\/dev\/)?gpiochip\d{1,3})\/(\d{1,4})$/.exec(place) ?? [];
  if (kind === 'gpio' && chip !== undefined) return { kind, chip, line: Number(line), isActiveLow };
  if (kind === 'sysfs' && place.startsWith('/')) return { kind, path: place, isActiveLow };
  if (kind === 'command' && place.startsWith('/') && !isActiveLow) return { kind, program: place };
  context.addIssue({ code: 'custom', message: forms });
  return z.NEVER;
});

const feedback = text.transform((given, context) => {
  if (given === undefined) return undefined;
  const [, path, low] = /^sysfs:(\/.*?)(,active-low)?$/.exec(given) ?? [];
  if (path !== undefined) return { path, isActiveLow: low !== undefined };
  context.addIssue({ code: 'custom', message: 'must be sysfs:</path>[,active-low]' });
  return z.NEVER;
});

function numberFrom(range: { least: number; most: number; fallback: number; unit: string }) {
  return text.transform((given, context) => {
    const value = given === undefined ? range.fallback : Number(given);
    if (Number.isFinite(value) && value >= range.least && value <= range.most) return value;
    const message = `must be a number of ${range.unit} from ${range.least} to ${range.most}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const deviceKind = text.transform((given, context): SwitchSettings['deviceKind'] => {
  if (given === undefined || given === 'receiver') return 'receiver';
  if (given === 'bridge') return given;
  context.addIssue({ code: 'custom', message: 'must be one of: receiver, bridge' });
  return z.NEVER;
});

/** The variables above, for the schema of all of them. */
export const switchVariables = {
  LOA_EMERGENCY_FLOOR_DB: numberFrom({ least: -20, most: 12, fallback: -6, unit: 'dB' }),
  LOA_AMPLIFIER: switchSpec,
  LOA_AMPLIFIER_WARMUP_MS: numberFrom({ least: 0, most: 10_000, fallback: 0, unit: 'ms' }),
  LOA_AMPLIFIER_HOLD_S: numberFrom({ least: 0, most: 3_600, fallback: 20, unit: 's' }),
  LOA_DEVICE_KIND: deviceKind,
  LOA_CONTACT: switchSpec,
  LOA_CONTACT_LEAD_MS: numberFrom({ least: 0, most: 10_000, fallback: 500, unit: 'ms' }),
  LOA_CONTACT_TAIL_MS: numberFrom({ least: 0, most: 10_000, fallback: 500, unit: 'ms' }),
  LOA_CONTACT_FEEDBACK: feedback,
} as const;

const schema = z.object(switchVariables);

/** As parsed, or one line that says what does not go together. */
export function switchSettingsOf(
  given: z.output<typeof schema>,
): { ok: true; settings: SwitchSettings } | { ok: false; reason: string } {
  if (given.LOA_DEVICE_KIND !== 'bridge' && given.LOA_CONTACT !== undefined)
    return { ok: false, reason: "LOA_CONTACT is a bridge's: it needs LOA_DEVICE_KIND=bridge" };
  if (given.LOA_CONTACT === undefined && given.LOA_CONTACT_FEEDBACK !== undefined)
    return { ok: false, reason: 'LOA_CONTACT_FEEDBACK needs the contact it speaks of, in LOA_CONTACT' };
  return {
    ok: true,
    settings: {
      deviceKind: given.LOA_DEVICE_KIND,
      amplifier: {
        spec: given.LOA_AMPLIFIER,
        warmUpMs: given.LOA_AMPLIFIER_WARMUP_MS,
        holdMs: given.LOA_AMPLIFIER_HOLD_S * 1_000,
      },
      contact: {
        spec: given.LOA_CONTACT,
        leadMs: given.LOA_CONTACT_LEAD_MS,
        tailMs: given.LOA_CONTACT_TAIL_MS,
        feedback: given.LOA_CONTACT_FEEDBACK,
      },
      emergencyFloorDb: given.LOA_EMERGENCY_FLOOR_DB,
    },
  };
}
