/**
 * One switch with its life: thinks when told and when its time has come, switches in order, tries again what failed, and
 * says what failed. Sound is never held back by a switch that fails: it counts as on when it has been tried, and half a
 * second after it was asked to be at the latest.
 */
import type { Evidence } from '@loa/protocol/device';
import type { AmplifierSwitch, SoundAhead } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import { audibleMs, initialSwitch, judgeSwitch, type SwitchFigures } from './judge-switch.ts';

/** What failed is tried again after this. */
export const switchRetryMs = 5_000;

export interface KeptSwitch {
  expect(ahead: SoundAhead): void;
  audibleMonotonicMs(): number;
  isOn(): boolean;
  /** Off. Resolves when that was tried. */
  stop(): Promise<void>;
}

export function keepSwitch(parts: {
  clock: Clock;
  device: AmplifierSwitch;
  figures: Omit<SwitchFigures, 'warmUpMs'>;
  /** After each try to bring it into a state, and when what was set no longer holds. */
  onTried: (tried: { isOn: boolean; failure: Evidence | undefined }) => void;
  /** `audibleMonotonicMs` is now known to be earlier than feared. */
  onReady: () => void;
}): KeptSwitch {
  const { clock, device } = parts;
  const figures = { ...parts.figures, warmUpMs: device.warmUpMs };
  let state = initialSwitch;
  let ahead: SoundAhead = { isSounding: false, isUrgent: false, staysOn: false };
  let isStopped = false;
  /** What the hook was told last; undefined before it was told anything. */
  let told: boolean | undefined;
  let switchedMs: number | undefined;
  let trying: Promise<void> | undefined;
  let cancelThought: Cancel = () => undefined;
  let cancelRetry: Cancel = () => undefined;

  function think(): void {
    if (isStopped) return;
    cancelThought();
    const nowMs = clock.monotonicMs();
    const judged = judgeSwitch(state, { nowMs, ahead, figures });
    if (!state.isOn) switchedMs = undefined;
    state = judged.state;
    if (judged.thinkAtMs !== undefined) cancelThought = clock.setTimer(think, judged.thinkAtMs - nowMs);
    if (state.isOn !== told) void carryOut();
  }

  /** One try at a time; what is wanted meanwhile follows. */
  function carryOut(): Promise<void> {
    trying ??= tryAll().finally(() => {
      trying = undefined;
    });
    return trying;
  }

  async function tryAll(): Promise<void> {
    while (told !== state.isOn) {
      const isOn = state.isOn;
      told = isOn;
      cancelRetry();
      try {
        await device.set(isOn);
        parts.onTried({ isOn, failure: undefined });
      } catch (error) {
        failed(isOn, error instanceof Error ? error.message : String(error));
      }
      if (told && state.isOn && switchedMs === undefined) {
        switchedMs = clock.monotonicMs();
        parts.onReady();
      }
    }
  }

  function failed(isOn: boolean, reason: string): void {
    parts.onTried({ isOn, failure: { switchedOn: isOn, reason: reason.slice(0, 300) } });
    cancelRetry();
    if (isStopped) return;
    cancelRetry = clock.setTimer(() => {
      told = undefined;
      void carryOut();
    }, switchRetryMs);
  }

  device.onLost?.((reason) => {
    if (!isStopped && trying === undefined) failed(state.isOn, reason);
  });
  think();
  return {
    expect(next) {
      ahead = next;
      think();
    },
    audibleMonotonicMs: () => audibleMs(state, { nowMs: clock.monotonicMs(), warmUpMs: device.warmUpMs, switchedMs }),
    isOn: () => state.isOn,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      cancelThought();
      cancelRetry();
      state = { ...state, isOn: false };
      await carryOut();
      device.close?.();
    },
  };
}
