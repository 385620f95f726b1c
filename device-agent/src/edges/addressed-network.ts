/** A network whose server is told later: a board that nobody has enrolled knows no address yet. */
import { machineNetwork } from './machine-network.ts';
import type { Network } from './network.ts';

export interface AddressedNetwork extends Network {
  /** From now on this server is meant; what is under way ends. */
  turnTo(serverUrl: string): void;
  close(): void;
}

/** Each call rejects until an address is known. */
export function addressedNetwork(serverUrl: string | undefined): AddressedNetwork {
  let turned = serverUrl;
  let network = serverUrl === undefined ? undefined : machineNetwork({ serverUrl });

  async function known(): Promise<Network> {
    if (network === undefined) throw new Error('No server is known yet');
    return network;
  }

  return {
    http: async (request) => (await known()).http(request),
    openMqtt: async (opening) => (await known()).openMqtt(opening),
    openSocket: async (opening) => (await known()).openSocket(opening),
    turnTo(next) {
      if (next === turned) return;
      network?.close();
      turned = next;
      network = machineNetwork({ serverUrl: next });
    },
    close: () => network?.close(),
  };
}
