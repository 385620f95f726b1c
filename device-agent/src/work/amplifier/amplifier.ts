/**
 * All that must be switched for sound to be heard, as one: an amplifier's power, a bridge's contact, both or nothing.
 * Sound waits for the slowest; what fails is one fault, told with the name of what failed.
 */
import type { Evidence } from '@loa/protocol/device';
import type { Amplifier, AmplifierSwitch, Faults, SoundAhead } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { SwitchFigures } from './judge-switch.ts';
import { type KeptSwitch, keepSwitch } from './keep-switch.ts';

/** A switch as a board is told of it. */
export interface FittedSwitch extends Omit<SwitchFigures, 'warmUpMs'> {
  /** For evidence: `amplifier`, `contact`. */
  readonly name: string;
  readonly device: AmplifierSwitch;
}

/** Brings every switch into its state at once, and keeps it there. */
export function createAmplifier(ports: {
  clock: Clock;
  switches: readonly FittedSwitch[];
  faults: Pick<Faults, 'signal'>;
  /** Sound can be heard earlier than `audibleMonotonicMs` said before. */
  onReady: () => void;
}): Amplifier {
  const failures = new Map<string, Evidence>();

  function onTried(name: string, failure: Evidence | undefined): void {
    if (failure === undefined) failures.delete(name);
    else failures.set(name, { switch: name, ...failure });
    const [worst] = failures.values();
    ports.faults.signal('amplifier-failed', { bad: worst !== undefined, evidence: worst ?? {} });
  }

  const kept: KeptSwitch[] = ports.switches.map(({ name, device, ...figures }) =>
    keepSwitch({
      clock: ports.clock,
      device,
      figures,
      onTried: (failure) => onTried(name, failure),
      onReady: ports.onReady,
    }),
  );
  const audibleMonotonicMs = () => Math.max(Number.NEGATIVE_INFINITY, ...kept.map((one) => one.audibleMonotonicMs()));
  let ahead: SoundAhead = { isSounding: false, isUrgent: false, staysOn: false };
  let isHeld = false;
  const tell = () => {
    for (const one of kept) one.expect({ ...ahead, isUrgent: ahead.isUrgent || isHeld });
  };
  return {
    expect(next) {
      ahead = next;
      tell();
    },
    async powerUp() {
      isHeld = true;
      tell();
      const waitMs = audibleMonotonicMs() - ports.clock.monotonicMs();
      if (waitMs > 0) await new Promise<void>((resolve) => ports.clock.setTimer(resolve, waitMs));
      return () => {
        isHeld = false;
        tell();
      };
    },
    audibleMonotonicMs: () =>
      kept.length === 0 ? undefined : Math.max(...kept.map((one) => one.audibleMonotonicMs())),
    isOn: () => (kept.length === 0 ? undefined : kept.some((one) => one.isOn())),
    async stop() {
      await Promise.all(kept.map((one) => one.stop()));
    },
  };
}
