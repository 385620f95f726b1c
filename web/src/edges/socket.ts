/** The few words of a socket that the live feed needs, so that the browser's and a test's look the same. */

/** What a socket tells. `closed` comes once, whether it ever opened or not. */
export interface SocketEvents {
  opened(): void;
  received(text: string): void;
  closed(): void;
}

/** An opening or open socket. Sending on one that is not open does nothing. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;
