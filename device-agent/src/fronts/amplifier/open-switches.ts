/** From what a board is told to what is switched on it. Opens, does not switch. */
import type { AmplifierSwitch, SoundProbe } from '../../contracts.ts';
import type { SwitchFiles } from '../../edges/board-switch.ts';
import type { Clock } from '../../edges/clock.ts';
import type { RunProgram } from '../../edges/process.ts';
import type { SwitchSettings, SwitchSpec } from '../../switch-settings.ts';
import { contactProbes, feltContact } from './contact.ts';
import { gpioSwitch } from './gpio.ts';
import { commandSwitch, sysfsSwitch } from './hooks.ts';

/** What `work/amplifier` is handed for each switch. */
export interface OpenedSwitch {
  name: 'amplifier' | 'contact';
  device: AmplifierSwitch;
  holdMs: number;
  mayStayOn: boolean;
}

interface SwitchEdges {
  run: RunProgram;
  clock: Clock;
  files: SwitchFiles;
}

/** The switches of a board, and its probes as its contact sees them. */
export function openSwitches(
  { amplifier, contact }: Pick<SwitchSettings, 'amplifier' | 'contact'>,
  { probes, ...edges }: SwitchEdges & { probes: readonly SoundProbe[] },
): { switches: OpenedSwitch[]; probes: readonly SoundProbe[] } {
  const switches: OpenedSwitch[] = [];
  if (amplifier.spec !== undefined) {
    const device = deviceOf(amplifier.spec, amplifier.warmUpMs, edges);
    switches.push({ name: 'amplifier', device, holdMs: amplifier.holdMs, mayStayOn: true });
  }
  if (contact.spec === undefined) return { switches, probes };
  const device = deviceOf(contact.spec, contact.leadMs, edges);
  // A station that is seized without a reason airs silence: no flood season keeps its contact closed.
  const common = { name: 'contact', holdMs: contact.tailMs, mayStayOn: false } as const;
  if (contact.feedback === undefined) return { switches: [...switches, { ...common, device }], probes };
  const felt = feltContact({ device, files: edges.files, clock: edges.clock, ...contact.feedback });
  return { switches: [...switches, { ...common, device: felt }], probes: contactProbes(felt, probes) };
}

function deviceOf(spec: SwitchSpec, warmUpMs: number, edges: SwitchEdges): AmplifierSwitch {
  switch (spec.kind) {
    case 'gpio':
      return gpioSwitch({ ...edges, ...spec, warmUpMs });
    case 'sysfs':
      return sysfsSwitch({ ...edges, ...spec, warmUpMs });
    case 'command':
      return commandSwitch({ ...edges, ...spec, warmUpMs });
  }
}
