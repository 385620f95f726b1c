/** The conditions of a device that are called faults, whoever judges them. A code is never reused for another condition. */

/** Conditions a device judges by itself. A code is never reused for another condition. */
export const deviceFaultCodes = [
  'output-missing',
  'clip-missing',
  'clock-not-trusted',
  'disk-nearly-full',
  'decoder-failed',
  'storage-damaged',
  /** A probe measured nothing where sound was sent. */
  'sound-missing',
  'sound-too-low',
  'sound-distorted',
  /** What a microphone heard is not what was sent. */
  'sound-wrong',
  /** Sound, or an amplifier that drives, while nothing is planned. */
  'sound-unplanned',
  /** The card or its program took no sound any more and was started anew. */
  'output-stuck',
  /** The amplifier does not switch, or draws no current when switched on. */
  'amplifier-failed',
  'mains-lost',
  'battery-low',
  'too-hot',
  /** The board slows itself for want of voltage. */
  'power-weak',
  'disk-worn',
  'memory-short',
  'signal-weak',
  'data-nearly-used',
  /** The battery-backed clock has lost the time. */
  'clock-battery-weak',
  'door-open',
  /** A new release did not prove itself and the former one runs again. */
  'update-failed',
  'restarts-often',
] as const;
/** Conditions the server judges from outside. */
export const serverFaultCodes = ['out-of-reach', 'report-path-dead', 'documents-not-accepted'] as const;
export type DeviceFaultCode = (typeof deviceFaultCodes)[number];
export type ServerFaultCode = (typeof serverFaultCodes)[number];
export type FaultCode = DeviceFaultCode | ServerFaultCode;
