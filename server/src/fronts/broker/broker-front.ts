/**
 * What Loa needs of an MQTT broker, whichever it is: the embedded one or one outside. One contract test runs against
 * both. Only shapes.
 */
import type { Presence } from '@loa/protocol/device';
import type { Broker, DeviceIdentity, Log } from '../../work/contracts.ts';

/** What a broker asks of the rooms behind it. */
export interface BrokerPorts {
  /** The device a token speaks for while it is valid. */
  deviceOf(token: string): DeviceIdentity | undefined;
  /** The areas whose orders the device may read. */
  areasOf(deviceId: string): readonly string[];
  /** A device said that it is there, or its last will said that it is not. */
  presence(deviceId: string, presence: Presence): void;
  log: Log;
}

export interface BrokerFront extends Broker {
  /** A device has just got this token; from now on it may come in with it, and read its own topics only. */
  admit(deviceId: string, token: string): Promise<void>;
  /** Other areas address the device now: it may read their orders, and those of no others. */
  areasChanged(deviceId: string): Promise<void>;
  /** Ends everything; what was published is gone or stays, as the broker is embedded or outside. */
  stop(): Promise<void>;
}
