/** The browser's WebSocket behind the few words the live feed needs, so that tests can hand in their own. */

/** What a socket tells. `closed` comes once, whether it ever opened or not. */
export interface SocketEvents {
  opened(): void;
  received(text: string): void;
  closed(): void;
}

/** An opening or open socket. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;

/** Opens sockets to a path of the server this page came from. */
export function socketTo(path: string): OpenSocket {
  return (events) => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    socket.onopen = () => events.opened();
    socket.onmessage = (message: MessageEvent<unknown>) => {
      if (typeof message.data === 'string') events.received(message.data);
    };
    socket.onclose = () => events.closed();
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  };
}
