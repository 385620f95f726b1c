/**
 * The hooks that switch, each against a real file or a real program (a stand-in of a few lines for libgpiod's
 * `gpioset`), and the contact that is felt, on a clock moved by hand.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SoundProbe, SoundStretch } from '@loa/device-agent/contracts.ts';
import { machineSwitchFiles as files } from '@loa/device-agent/edges/board-switch.ts';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { type ProgramOptions, runProgram } from '@loa/device-agent/edges/process.ts';
import { contactProbes, feltContact } from '@loa/device-agent/fronts/amplifier/contact.ts';
import { gpioSwitch } from '@loa/device-agent/fronts/amplifier/gpio.ts';
import { commandSwitch, hookMsMax, sysfsSwitch } from '@loa/device-agent/fronts/amplifier/hooks.ts';
import { readSettings } from '@loa/device-agent/settings.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-switch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !(await isSo()); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a file', () => {
  test.each([
    [false, '1', '0'],
    [true, '0', '1'],
  ])('takes 1 and 0 (active low: %s)', async (isActiveLow, on, off) => {
    const path = join(folder, `value-${isActiveLow}`);
    await writeFile(path, 'x');
    const device = sysfsSwitch({ files, path, isActiveLow, warmUpMs: 0 });
    await device.set(true);
    expect(await files.readWord(path)).toBe(on);
    await device.set(false);
    expect(await files.readWord(path)).toBe(off);
  });

  test('that is not there is a failure, and is not made', async () => {
    const path = join(folder, 'nothing');
    await expect(sysfsSwitch({ files, path, isActiveLow: false, warmUpMs: 0 }).set(true)).rejects.toThrow('ENOENT');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});

describe('a program', () => {
  async function script(name: string, body: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  }

  test('is called with on and off, by its own path and no shell', async () => {
    const log = join(folder, 'called');
    const program = await script('relay', `echo "$@" >> ${log}`);
    const device = commandSwitch({ run: runProgram, clock: machineClock, program, warmUpMs: 0 });
    await device.set(true);
    await device.set(false);
    expect(await readFile(log, 'utf8')).toBe('on\noff\n');
  });

  test('that fails is a failure with its own words; one that is missing too', async () => {
    const program = await script('broken', 'echo no board here >&2; exit 3');
    const parts = { run: runProgram, clock: machineClock, warmUpMs: 0 };
    await expect(commandSwitch({ ...parts, program }).set(true)).rejects.toThrow(/ended with 3: no board here/);
    await expect(commandSwitch({ ...parts, program: join(folder, 'none') }).set(true)).rejects.toThrow('ENOENT');
  });

  test('that hangs is killed', async () => {
    const clock = manualClock({ wallMs: 0 });
    let isKilled = false;
    const run = () => ({
      write: () => 0,
      endInput: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      kill: () => {
        isKilled = true;
      },
    });
    const setting = commandSwitch({ run, clock, program: '/x', warmUpMs: 0 }).set(true);
    const failed = expect(setting).rejects.toThrow('did not end within 5 s');
    await clock.advance(hookMsMax);
    await failed;
    expect(isKilled).toBe(true);
  });
});

describe('a line of a GPIO chip', () => {
  async function gpioset(version: string, options: { refuses?: boolean } = {}) {
    const bin = join(folder, `bin-${version}-${options.refuses === true}`);
    const log = `${bin}.log`;
    await writeFile(log, '');
    const hold = options.refuses === true ? 'echo "Device or resource busy" >&2; exit 1' : 'exec cat > /dev/null';
    const body = `#!/bin/sh\n[ "$1" = --version ] && { echo "gpioset (libgpiod) v${version}"; exit 0; }\necho "$@" >> ${log}\n${hold}\n`;
    await writeFile(bin, body, { mode: 0o755 });
    const ends: (() => void)[] = [];
    const run = (given: ProgramOptions) => {
      expect(given.command).toBe('gpioset');
      const program = runProgram({ ...given, command: bin });
      ends.push(program.kill);
      return program;
    };
    const device = gpioSwitch({
      run,
      clock: machineClock,
      chip: 'gpiochip0',
      line: 17,
      isActiveLow: false,
      warmUpMs: 0,
    });
    return { device, log: () => readFile(log, 'utf8'), ends };
  }

  test.each([
    ['1.6.3', '--mode=wait gpiochip0 17=1\n--mode=wait gpiochip0 17=0\n'],
    ['2.1.3', '-c gpiochip0 17=1\n-c gpiochip0 17=0\n'],
  ])('is held by gpioset %s, one holder at a time', async (version, expected) => {
    const { device, log } = await gpioset(version);
    await device.set(true);
    await device.set(false);
    expect(await log()).toBe(expected);
    device.close?.();
  });

  test('whose holder dies is told as lost; one that is busy or has no gpioset fails', async () => {
    const { device, ends } = await gpioset('1.6.3');
    const lost: string[] = [];
    device.onLost?.((reason) => lost.push(reason));
    await device.set(true);
    ends.at(-1)?.();
    await until(() => lost.length > 0);
    expect(lost).toEqual(['The line is held no longer: gpioset ended with null']);
    const busy = await gpioset('2.0', { refuses: true });
    await expect(busy.device.set(true)).rejects.toThrow('Device or resource busy');
    const run = (given: ProgramOptions) => runProgram({ ...given, command: join(folder, 'no-gpioset') });
    const none = gpioSwitch({ run, clock: machineClock, chip: 'gpiochip0', line: 1, isActiveLow: false, warmUpMs: 0 });
    await expect(none.set(true)).rejects.toThrow('No gpioset of libgpiod');
  });
});

describe('a contact that is felt', () => {
  const stretch: SoundStretch = { fromMonotonicMs: 0, untilMonotonicMs: 1_000, emittedMs: 1_000, sentDbfs: -18 };
  const line: SoundProbe = { kind: 'line-level', measure: async () => ({ verdict: 'sound', evidence: { dbfs: -18 } }) };

  function bench(options: { follows: boolean }) {
    const clock = manualClock({ wallMs: 0 });
    let word = '0';
    const lost: string[] = [];
    const device = {
      warmUpMs: 0,
      set: async (isOn: boolean) => {
        if (options.follows) word = isOn ? '1' : '0';
      },
    };
    const contact = feltContact({
      device,
      files: { readWord: async () => word },
      clock,
      path: '/x',
      isActiveLow: false,
    });
    contact.onLost?.((reason) => lost.push(reason));
    return { clock, contact, lost, put: (next: string) => (word = next) };
  }

  test('that follows is fine, and the line below it is judged by its own probe', async () => {
    const { clock, contact, lost } = bench({ follows: true });
    const setting = contact.set(true);
    await clock.advance(2_000);
    await setting;
    const [probe] = contactProbes(contact, [line]);
    expect(await probe?.measure(stretch)).toMatchObject({
      verdict: 'sound',
      evidence: { dbfs: -18, contactOpenMs: 0 },
    });
    const [alone] = contactProbes(contact, []);
    expect(await alone?.measure(stretch)).toMatchObject({ verdict: 'undecided', evidence: { contactOpenMs: 0 } });
    expect(lost).toEqual([]);
  });

  test('that does not close fails, and nothing was aired whatever our own line says', async () => {
    const { clock, contact } = bench({ follows: false });
    const setting = expect(contact.set(true)).rejects.toThrow('The contact does not close');
    await clock.advance(2_000);
    await setting;
    const [probe] = contactProbes(contact, [line]);
    expect(await probe?.measure(stretch)).toMatchObject({ verdict: 'none', evidence: { contactClosedMs: 0 } });
  });

  test('that opens by itself is told once, and counted', async () => {
    const { clock, contact, lost, put } = bench({ follows: true });
    const setting = contact.set(true);
    await clock.advance(1_000);
    await setting;
    put('0');
    await clock.advance(1_000);
    expect(lost).toEqual(['The contact has opened by itself']);
    expect(contact.felt()).toEqual({ closedMs: 1_150, openMs: 1_000 });
  });

  test('whose input says nonsense, or that sticks when it should open, fails', async () => {
    const { clock, contact, put } = bench({ follows: false });
    put('?');
    const nonsense = expect(contact.set(true)).rejects.toThrow('says neither 0 nor 1');
    await clock.advance(200);
    await nonsense;
    put('1');
    const sticks = expect(contact.set(false)).rejects.toThrow('The contact does not open');
    await clock.advance(200);
    await sticks;
  });
});

describe('what a board is told of its switches', () => {
  test.each<[Record<string, string>, string]>([
    [{ LOA_AMPLIFIER: 'gpio:17' }, 'LOA_AMPLIFIER must be none, gpio:'],
    [{ LOA_AMPLIFIER: 'sysfs:relative' }, 'LOA_AMPLIFIER must be none, gpio:'],
    [{ LOA_AMPLIFIER: 'command:reboot now; rm' }, 'LOA_AMPLIFIER must be none, gpio:'],
    [{ LOA_AMPLIFIER_WARMUP_MS: '10001' }, 'LOA_AMPLIFIER_WARMUP_MS must be a number of ms from 0 to 10000'],
    [{ LOA_AMPLIFIER_HOLD_S: 'x' }, 'LOA_AMPLIFIER_HOLD_S must be a number of s'],
    [{ LOA_EMERGENCY_FLOOR_DB: '-21' }, 'LOA_EMERGENCY_FLOOR_DB must be a number of dB from -20 to 12'],
    [{ LOA_DEVICE_KIND: 'radio' }, 'LOA_DEVICE_KIND must be one of: receiver, bridge'],
    [{ LOA_CONTACT: 'sysfs:/x' }, "LOA_CONTACT is a bridge's: it needs LOA_DEVICE_KIND=bridge"],
    [{ LOA_CONTACT_FEEDBACK: 'sysfs:/x' }, 'LOA_CONTACT_FEEDBACK needs the contact it speaks of'],
  ])('%o is refused in one line', (environment, reason) => {
    const read = readSettings(environment);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('is read as it is meant, with its defaults', () => {
    const read = readSettings({
      LOA_DEVICE_KIND: 'bridge',
      LOA_AMPLIFIER: 'gpio:gpiochip0/17,active-low',
      LOA_CONTACT: 'command:/usr/local/bin/contact',
      LOA_CONTACT_FEEDBACK: 'sysfs:/sys/x/value,active-low',
    });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        switches: {
          deviceKind: 'bridge',
          emergencyFloorDb: -6,
          amplifier: {
            spec: { kind: 'gpio', chip: 'gpiochip0', line: 17, isActiveLow: true },
            warmUpMs: 0,
            holdMs: 20_000,
          },
          contact: {
            spec: { kind: 'command', program: '/usr/local/bin/contact' },
            leadMs: 500,
            tailMs: 500,
            feedback: { path: '/sys/x/value', isActiveLow: true },
          },
        },
      },
    });
    expect(readSettings({})).toMatchObject({
      ok: true,
      settings: { switches: { deviceKind: 'receiver', amplifier: { spec: undefined }, contact: { spec: undefined } } },
    });
  });
});
