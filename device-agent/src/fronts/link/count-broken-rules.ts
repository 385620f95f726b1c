/**
 * Counts whoever breaks a rule on one of the three ways among the refusals, so that the server learns of it; a line that
 * only failed is the link's own matter. Changes nothing of what is asked or answered.
 */
import type { Refusals } from '../../contracts.ts';
import { type MqttOpening, type Network, type Rule, RuleBroken, type SocketOpening } from '../../edges/network.ts';

/** The same promise; a rule that was broken is counted under `subject`. */
export async function counted<T>(refusals: Refusals, subject: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RuleBroken) refusals.refused({ subject, reason: error.rule });
    throw error;
  }
}

/** The same network, MQTT and WebSocket counted; what HTTP answers is counted by the door, which knows what it asked. */
export function countBrokenRules(network: Network, refusals: Refusals): Network {
  function watching<T extends MqttOpening | SocketOpening>(subject: string, opening: T): T {
    return {
      ...opening,
      onClosed(reason: string, broken?: Rule) {
        if (broken !== undefined) refusals.refused({ subject, reason: broken });
        opening.onClosed(reason, broken);
      },
    };
  }

  return {
    ...network,
    openMqtt: (opening) => counted(refusals, 'MQTT', network.openMqtt(watching('MQTT', opening))),
    openSocket: (opening) => counted(refusals, 'WebSocket', network.openSocket(watching('WebSocket', opening))),
  };
}
