/** The browser's WebSocket behind the words of `socket.ts`. */
import type { OpenSocket } from './socket.ts';

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
