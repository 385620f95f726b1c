/**
 * All that must be switched for sound to be heard, as one: an amplifier's power, a bridge's contact, both or nothing.
 * Sound waits for the slowest; what fails is one fault, told with the name of what failed. Each way, on and off, is
 * cleared only by what switched that way: one that opens as it should has not shown that it closes.
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
  /** What opened `amplifier-failed`, when it is open since an earlier boot. */
  failedBefore?: Evidence | undefined;
  /** Sound can be heard earlier than `audibleMonotonicMs` said before. */
  onReady: () => void;
}): Amplifier {
  /** By switch and way: two for each switch at most. */
  const failures = new Map<string, Evidence>();
  /** Switches whose failure to go off came after they were on: being on again says nothing of that. */
  const stuckOn = new Set<string>();
  const hasBeenOn = new Set<string>();

  function onTried(name: string, { isOn, failure }: { isOn: boolean; failure: Evidence | undefined }): void {
    const way = wayOf(name, isOn);
    if (failure !== undefined) {
      failures.set(way, { switch: name, ...failure });
      if (!isOn && hasBeenOn.has(name)) stuckOn.add(name);
    } else {
      failures.delete(way);
      if (isOn) hasBeenOn.add(name);
      if (isOn && !stuckOn.has(name)) failures.delete(wayOf(name, false));
      if (!isOn) stuckOn.delete(name);
    }
    tell();
  }

  function tell(): void {
    const [worst] = failures.values();
    ports.faults.signal('amplifier-failed', { bad: worst !== undefined, evidence: worst ?? {} });
  }

  if (ports.failedBefore !== undefined) {
    const { switch: name, switchedOn } = ports.failedBefore;
    // What is no longer fitted cannot mend itself and does not fail.
    const isFitted = ports.switches.some((one) => one.name === name);
    if (isFitted) failures.set(wayOf(String(name), switchedOn !== false), ports.failedBefore);
    if (isFitted && switchedOn === false) stuckOn.add(String(name));
    if (!isFitted) tell();
  }

  const kept: KeptSwitch[] = ports.switches.map(({ name, device, ...figures }) =>
    keepSwitch({
      clock: ports.clock,
      device,
      figures,
      onTried: (tried) => onTried(name, tried),
      onReady: ports.onReady,
    }),
  );
  const audibleMonotonicMs = () => Math.max(Number.NEGATIVE_INFINITY, ...kept.map((one) => one.audibleMonotonicMs()));
  let ahead: SoundAhead = { isSounding: false, isUrgent: false, staysOn: false };
  let isHeld = false;
  const expect = () => {
    for (const one of kept) one.expect({ ...ahead, isUrgent: ahead.isUrgent || isHeld });
  };
  return {
    expect(next) {
      ahead = next;
      expect();
    },
    async powerUp() {
      isHeld = true;
      expect();
      const waitMs = audibleMonotonicMs() - ports.clock.monotonicMs();
      if (waitMs > 0) await new Promise<void>((resolve) => ports.clock.setTimer(resolve, waitMs));
      return () => {
        isHeld = false;
        expect();
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

function wayOf(name: string, isOn: boolean): string {
  return `${name} ${isOn ? 'on' : 'off'}`;
}
