/**
 * Whether a bridge's contact does what it was told, felt at an input that reads 1 while it is closed: asked after each
 * switching, four times a second while it should be closed, and by a probe about each play. A closed contact is no proof
 * of sound; an open one is proof that the station aired nothing of ours.
 */
import type { AmplifierSwitch, Measured, SoundProbe } from '../../contracts.ts';
import type { SwitchFiles } from '../../edges/board-switch.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';

/** A relay moves within this. */
export const contactMoveMs = 150;

/** How often it is looked at while it should be closed. */
export const contactEveryMs = 250;

export interface FeltContact extends AmplifierSwitch {
  /** Since it was last told to close: how long it was seen closed and open, ms; looks that failed count as neither. */
  felt(): { closedMs: number; openMs: number };
}

/** `device` with its feedback. */
export function feltContact(parts: {
  device: AmplifierSwitch;
  files: Pick<SwitchFiles, 'readWord'>;
  clock: Clock;
  path: string;
  isActiveLow: boolean;
}): FeltContact {
  const { device, files, clock, path, isActiveLow } = parts;
  let felt = { closedMs: 0, openMs: 0 };
  let wanted: boolean | undefined;
  let cancelLook: Cancel = () => undefined;
  let tellLost: (reason: string) => void = () => undefined;
  let wasOpen = false;

  async function isClosed(): Promise<boolean> {
    const word = await files.readWord(path);
    if (word !== '0' && word !== '1') throw new Error(`${path} says neither 0 nor 1`);
    return (word === '1') !== isActiveLow;
  }

  /** Looks until it is told to open. */
  function lookOn(): void {
    cancelLook();
    cancelLook = clock.setTimer(async () => {
      const closed = await isClosed().catch(() => undefined);
      if (wanted !== true) return;
      if (closed === true) felt.closedMs += contactEveryMs;
      if (closed === false) felt.openMs += contactEveryMs;
      if (closed === false && !wasOpen) tellLost('The contact has opened by itself');
      wasOpen = closed === false;
      lookOn();
    }, contactEveryMs);
  }

  async function check(isOn: boolean): Promise<void> {
    await new Promise<void>((resolve) => clock.setTimer(resolve, contactMoveMs));
    const closed = await isClosed();
    if (wanted !== isOn) return;
    wasOpen = !closed;
    if (isOn && closed) felt.closedMs += contactMoveMs;
    if (isOn && !closed) felt.openMs += contactMoveMs;
    if (closed !== isOn) throw new Error(isOn ? 'The contact does not close' : 'The contact does not open');
  }

  return {
    warmUpMs: device.warmUpMs,
    async set(isOn) {
      if (isOn && wanted !== true) felt = { closedMs: 0, openMs: 0 };
      wanted = isOn;
      cancelLook();
      await device.set(isOn);
      if (isOn) lookOn();
      await check(isOn);
    },
    onLost(listener) {
      tellLost = listener;
      device.onLost?.(listener);
    },
    close: () => device.close?.(),
    felt: () => felt,
  };
}

/**
 * The probes of a bridge: each says `none` of a play during which the contact was never seen closed, whatever it
 * measured on our own line, and carries what was felt. Without another probe the contact speaks alone, and undecided.
 */
export function contactProbes(contact: Pick<FeltContact, 'felt'>, probes: readonly SoundProbe[]): SoundProbe[] {
  const alone: SoundProbe = { kind: 'contact', measure: async () => ({ verdict: 'undecided', evidence: {} }) };
  return (probes.length === 0 ? [alone] : probes).map((probe) => ({
    kind: probe.kind,
    async measure(stretch): Promise<Measured> {
      const { closedMs, openMs } = contact.felt();
      const measured = await probe.measure(stretch);
      const evidence = { ...measured.evidence, contactClosedMs: closedMs, contactOpenMs: openMs };
      return { verdict: closedMs === 0 && openMs > 0 ? 'none' : measured.verdict, evidence };
    },
  }));
}
