/**
 * What carries out "on" and "off": a file that takes 1 and 0, or a program that is called. Each resolves when it was
 * done and rejects in plain words; nothing is waited for longer than a few seconds.
 */
import type { AmplifierSwitch } from '../../contracts.ts';
import type { SwitchFiles } from '../../edges/board-switch.ts';
import type { Clock } from '../../edges/clock.ts';
import type { RunProgram } from '../../edges/process.ts';

/** A program that takes longer hangs: it is killed. */
export const hookMsMax = 5_000;

/** A file of the kernel, `/sys/class/leds/…/brightness` or `/sys/class/gpio/…/value`, or any other that is there. */
export function sysfsSwitch(parts: {
  files: SwitchFiles;
  path: string;
  isActiveLow: boolean;
  warmUpMs: number;
}): AmplifierSwitch {
  const { files, path, isActiveLow, warmUpMs } = parts;
  return { warmUpMs, set: (isOn) => files.writeWord(path, isOn === isActiveLow ? '0' : '1') };
}

/** A program of the installer's, for whatever switches in its own way; ends with 0 when it did. */
export function commandSwitch(parts: {
  run: RunProgram;
  clock: Clock;
  program: string;
  warmUpMs: number;
}): AmplifierSwitch {
  const { run, clock, program: command, warmUpMs } = parts;
  return {
    warmUpMs,
    set: (isOn) =>
      new Promise((resolve, reject) => {
        const cancel = clock.setTimer(() => {
          program.kill();
          reject(new Error(`${command} did not end within ${hookMsMax / 1_000} s`));
        }, hookMsMax);
        const program = run({
          command,
          args: [isOn ? 'on' : 'off'],
          onEnd({ exitCode, said }) {
            cancel();
            if (exitCode === 0) resolve();
            else reject(new Error(`${command} ended with ${exitCode}${said === '' ? '' : `: ${said}`}`));
          },
        });
        program.endInput();
      }),
  };
}
