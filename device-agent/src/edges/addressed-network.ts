/** A network whose server is told later: a board that nobody has enrolled knows no address yet. */
import type { Network } from './network.ts';
import type { KnownTime } from './pinned-authority.ts';

export interface AddressedNetwork extends Network {
  /** From now on this server is meant; what is under way ends. */
  turnTo(serverUrl: string): void;
  close(): void;
}

/** Each call rejects until an address is known. `openTo` opens a network to one server. */
export function addressedNetwork(
  serverUrl: string | undefined,
  openTo: (serverUrl: string) => Network & { close(): void },
): AddressedNetwork {
  let turned = serverUrl;
  let network = serverUrl === undefined ? undefined : openTo(serverUrl);
  let time: (() => KnownTime) | undefined;

  async function known(): Promise<Network> {
    if (network === undefined) throw new Error('No server is known yet');
    return network;
  }

  return {
    http: async (request) => (await known()).http(request),
    openMqtt: async (opening) => (await known()).openMqtt(opening),
    openSocket: async (opening) => (await known()).openSocket(opening),
    knowsTime(given) {
      time = given;
      network?.knowsTime?.(given);
    },
    turnTo(next) {
      if (next === turned) return;
      network?.close();
      turned = next;
      network = openTo(next);
      if (time !== undefined) network.knowsTime?.(time);
    },
    close: () => network?.close(),
  };
}
