/**
 * Where a broker is, taken out of its address as mqtt.js wants it. Handed the address itself, mqtt.js takes it apart with
 * a function that Node warns of at each start (DEP0169). Pure.
 */

const defaultPorts = { ws: 80, wss: 443, mqtt: 1883, mqtts: 8883 } as const;

export interface BrokerPlace {
  protocol: keyof typeof defaultPorts;
  /** Without brackets for MQTT over TCP, with them for a WebSocket's IPv6. */
  host: string;
  hostname: string;
  port: number;
  /** Path and query of a WebSocket; absent for MQTT over TCP. */
  path?: string;
}

/** Reads `ws(s)://…` or `mqtt(s)://…`. Throws for any other. Credentials in it are not used: the board signs in. */
export function brokerPlace(url: URL): BrokerPlace {
  const protocol = (['ws', 'wss', 'mqtt', 'mqtts'] as const).find((one) => `${one}:` === url.protocol);
  if (protocol === undefined) throw new Error(`Not the address of a broker: ${url.protocol}`);
  const isWebSocket = protocol === 'ws' || protocol === 'wss';
  const host = isWebSocket ? url.hostname : url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? defaultPorts[protocol] : Number(url.port);
  return { protocol, host, hostname: host, port, ...(isWebSocket ? { path: `${url.pathname}${url.search}` } : {}) };
}
