/**
 * The board's WebSockets: one that carries text for the link, and how any is opened: bounded from its first byte,
 * never compressed, never sent elsewhere.
 */
import type { Agent } from 'node:http';
import WebSocket from 'ws';
import { ruleBrokenBy, ruleOf } from './broken-rules.ts';
import { AccessRefused, type Rule, RuleBroken, type Socket, type SocketOpening } from './network.ts';
import type { WayOut } from './way-out.ts';

/**
 * A WebSocket on which nothing was heard for so long is asked whether it lives, and left when no answer comes: a dead
 * line is noticed within 90 s. The server's answers about the time come once a minute, so a live one is not asked.
 */
const quietMsMax = 70_000;
const pongMsMax = 20_000;

/** A peer that does not answer the closing would hold the connection for half a minute. */
const closingMsMax = 2_000;

/** The agent of one upgraded connection; undefined opens it straight. */
export function agentFor(url: URL, way: WayOut | undefined, onFailed?: (reason: string) => void): Agent | undefined {
  return way?.agent({ secure: url.protocol === 'wss:', keepAlive: false, onFailed });
}

/** A WebSocket on its way: it is open, or has failed, within `openMsMax`, however slowly the other side answers. */
export function boundedWebSocket(
  url: string,
  options: {
    protocols?: readonly string[];
    agent?: Agent | undefined;
    headers?: Readonly<Record<string, string>>;
    frameBytesMax: number;
    openMsMax: number;
  },
): WebSocket {
  const { agent, headers, frameBytesMax, openMsMax } = options;
  const socket = new WebSocket(url, [...(options.protocols ?? [])], {
    ...(agent === undefined ? {} : { agent }),
    ...(headers === undefined ? {} : { headers }),
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    // Of each silence alone: a byte now and then would keep it waiting.
    handshakeTimeout: openMsMax,
  });
  // Else `ws` goes on reading what comes, and throws it away, until the other side agrees to part: all of it is paid for.
  socket.on('error', () => socket.terminate());
  const late = setTimeout(() => socket.terminate(), openMsMax);
  for (const event of ['open', 'close'] as const) socket.once(event, () => clearTimeout(late));
  return socket;
}

/** One text socket. Rejects with why it did not open. */
export function openSocket(url: string, opening: SocketOpening, way: WayOut | undefined): Promise<Socket> {
  const agent = agentFor(new URL(url), way);
  const { headers, frameBytesMax, timeoutMs } = opening;
  const socket = boundedWebSocket(url, { agent, headers, frameBytesMax, openMsMax: timeoutMs });
  return new Promise((resolve, reject) => {
    let reason = 'the line was closed';
    let broken: Rule | undefined;
    let isOpen = false;
    let dying: NodeJS.Timeout | undefined;
    const quiet = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
      dying = setTimeout(() => {
        reason = `nothing heard for ${quietMsMax + pongMsMax} ms`;
        socket.terminate();
      }, pongMsMax);
    }, quietMsMax);
    const leave = (code: number) => {
      socket.close(code);
      setTimeout(() => socket.terminate(), closingMsMax).unref();
    };
    const hear = () => {
      clearTimeout(dying);
      quiet.refresh();
    };
    socket.on('unexpected-response', (request, response) => {
      reject(refusalOf(response.statusCode ?? 0));
      request.destroy();
      socket.terminate();
    });
    socket.on('error', (error) => {
      reason = error.message;
      broken = ruleOf(error);
      reject(ruleBrokenBy(error));
    });
    socket.on('pong', hear);
    socket.on('ping', hear);
    socket.on('message', (data, isBinary) => {
      hear();
      if (broken !== undefined) return;
      if (!isBinary) return opening.onText(String(data));
      broken = 'not-websocket';
      reason = 'a binary frame';
      leave(1003);
    });
    socket.on('close', (code) => {
      clearTimeout(quiet);
      clearTimeout(dying);
      const isSilent = code === 1006 || code === 1005;
      if (isOpen) opening.onClosed(isSilent || broken !== undefined ? reason : `closed with ${code}`, broken);
      else reject(new Error(`No connection: ${reason}`));
    });
    socket.on('open', () => {
      isOpen = true;
      resolve({
        send: (text) => socket.send(text, () => undefined),
        bufferedBytes: () => socket.bufferedAmount,
        close() {
          reason = 'closed by us';
          leave(1000);
        },
      });
    });
  });
}

function refusalOf(status: number): Error {
  const message = `The server answered ${status}`;
  if (status === 401 || status === 403) return new AccessRefused(message);
  return status >= 300 && status < 400 ? new RuleBroken('redirected', message) : new Error(message);
}
