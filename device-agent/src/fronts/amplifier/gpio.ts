/**
 * A GPIO line, through libgpiod's own `gpioset` (1.x and 2.x), which holds the line while it lives: a line that nobody
 * holds may fall back to anything. The former holder goes before the next one comes, so the line is nobody's for some
 * milliseconds at each switching. Where it dies, that is told.
 */
import type { AmplifierSwitch } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';

/** A `gpioset` that lives so long has the line. */
export const heldMs = 300;

/** One that does not go when killed. */
const goneMsMax = 2_000;

interface Holder {
  program: Program;
  gone: Promise<string>;
}

export function gpioSwitch(parts: {
  run: RunProgram;
  clock: Clock;
  chip: string;
  line: number;
  isActiveLow: boolean;
  warmUpMs: number;
}): AmplifierSwitch {
  const { run, clock, chip, line, isActiveLow, warmUpMs } = parts;
  let holder: Holder | undefined;
  let tellLost: (reason: string) => void = () => undefined;
  let version: Promise<number> | undefined;

  async function start(isOn: boolean): Promise<void> {
    version ??= versionOf(run);
    const major = await version.catch((error: unknown) => {
      version = undefined;
      throw error;
    });
    const value = `${line}=${isOn === isActiveLow ? 0 : 1}`;
    // 1.x would set and end; told to wait for a key it also ends with the agent, whose death closes its input.
    const args = major >= 2 ? ['-c', chip, value] : ['--mode=wait', chip, value];
    let tellGone: (said: string) => void = () => undefined;
    const gone = new Promise<string>((resolve) => {
      tellGone = resolve;
    });
    const program = run({
      command: 'gpioset',
      args,
      onEnd: ({ exitCode, said }) => tellGone(said === '' ? `gpioset ended with ${exitCode}` : said),
    });
    const own: Holder = { program, gone };
    const early = await Promise.race([gone, after(clock, heldMs)]);
    if (early !== undefined) throw new Error(early);
    holder = own;
    void gone.then((said) => {
      if (holder !== own) return;
      holder = undefined;
      tellLost(`The line is held no longer: ${said}`);
    });
  }

  return {
    warmUpMs,
    async set(isOn) {
      const former = holder;
      holder = undefined;
      former?.program.kill();
      await Promise.race([former?.gone, after(clock, goneMsMax)]);
      await start(isOn);
    },
    onLost(listener) {
      tellLost = listener;
    },
    close() {
      const last = holder;
      holder = undefined;
      last?.program.kill();
    },
  };
}

/** The major version of libgpiod's programs: their options differ. Rejects when there are none. */
function versionOf(run: RunProgram): Promise<number> {
  return new Promise((resolve, reject) => {
    let told = '';
    run({
      command: 'gpioset',
      args: ['--version'],
      onOutput: (piece) => {
        told = (told + piece.toString()).slice(0, 200);
      },
      onEnd({ said }) {
        const major = /v?(\d+)\.\d+/.exec(told)?.[1];
        if (major === undefined) reject(new Error(`No gpioset of libgpiod: ${said || told || 'it says no version'}`));
        else resolve(Number(major));
      },
    }).endInput();
  });
}

function after(clock: Clock, delayMs: number): Promise<undefined> {
  return new Promise((resolve) => clock.setTimer(() => resolve(undefined), delayMs));
}
