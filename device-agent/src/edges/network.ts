/**
 * The board's network as the agent needs it: one HTTP exchange, one MQTT session, one WebSocket. Narrow on purpose:
 * a simulation implements it over its own links, and one contract test holds both.
 */
import type { KnownTime } from './pinned-authority.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Below the server's address. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** In place of `body`: what is not text. */
  bytes?: Uint8Array;
  /** Of the whole exchange; with `onChunk` of each silence within it, since a long download on a thin line is not dead. */
  timeoutMs: number;
  /** Gives the exchange up. */
  signal?: AbortSignal | undefined;
  /** The answer is cut and refused beyond this. */
  answerBytesMax: number;
  /**
   * Called with each piece of the body as it arrives, the next only when the former was dealt with; told the answer's
   * head each time. When given, `body` of the answer is empty. What it throws ends the exchange.
   */
  onChunk?: (chunk: Uint8Array, head: { status: number; headers: Record<string, string> }) => Promise<void>;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** One MQTT 3.1.1 session with clean session; ends for good when closed, `link/` opens the next. */
export interface MqttSession {
  /** QoS 1. Rejects when the broker refuses one of them; the others hold. */
  subscribe(topics: readonly string[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  /** QoS 1, retained. */
  publish(topic: string, payload: string): Promise<void>;
  /** Asks the broker for a sign of life; the session ends when none comes within 10 s. Absent: the keepalive finds out. */
  probe?(): void;
  close(): Promise<void>;
}

export interface MqttOpening {
  /** Absent: MQTT over WebSocket at `/mqtt` of the server. */
  url?: string | undefined;
  clientId: string;
  username: string;
  password: string;
  will: { topic: string; payload: string };
  keepaliveS: number;
  timeoutMs: number;
  onMessage: (topic: string, payload: Uint8Array) => void;
  onClosed: OnClosed;
}

export interface Socket {
  send(text: string): void;
  /** Bytes accepted but not yet on the wire. */
  bufferedBytes(): number;
  close(): void;
}

export interface SocketOpening {
  path: string;
  headers: Record<string, string>;
  frameBytesMax: number;
  timeoutMs: number;
  /** A binary frame is closed upon; the protocol has none. */
  onText: (text: string) => void;
  onClosed: OnClosed;
}

/** Once, whoever closed; with the rule that the other side broke, where that was why. */
export type OnClosed = (reason: string, broken?: Rule) => void;

/** What the other side can break: its protocol, or a bound of ours. Codes of reports, never reused. */
export type Rule =
  | 'not-http'
  | 'headers-too-long'
  | 'answer-too-long'
  | 'no-answer'
  | 'redirected'
  | 'encoded'
  | 'wrong-range'
  | 'longer-than-said'
  | 'shorter-than-said'
  | 'not-tls'
  | 'certificate-not-accepted'
  | 'not-mqtt'
  | 'packet-too-large'
  | 'not-websocket'
  | 'frame-too-large'
  | 'not-understood';

/** Rejection of a call on which the other side broke a rule: to be counted, since a dead line is something else. */
export class RuleBroken extends Error {
  override name = 'RuleBroken';
  readonly rule: Rule;

  constructor(rule: Rule, message: string) {
    super(message);
    this.rule = rule;
  }
}

/** Rejection of a call that reached the other side and was turned away: a spoilt token, a revoked device. */
export class AccessRefused extends Error {
  override name = 'AccessRefused';
}

/** Each call rejects with an Error whose message says why when it cannot be done. */
export interface Network {
  http(request: HttpRequest): Promise<HttpAnswer>;
  openMqtt(opening: MqttOpening): Promise<MqttSession>;
  openSocket(opening: SocketOpening): Promise<Socket>;
  /** Told once how the time is known, for the dates of certificates; until then they are not held against the server. */
  knowsTime?(time: () => KnownTime): void;
}
