/**
 * A sound stream over HTTP or HTTPS, as a station offers it: opened, read at the reader's pace, closed. It goes where
 * it was told and nowhere else, through the proxy that the board was given, if any: a redirection counts only within the same host, and never from https to http.
 * Certificates are checked. Never throws for what the other side did.
 */
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { http, https } from './http-family.ts';
import { createWayOut } from './way-out.ts';

/** A station's head is a few lines; whoever sends more is none. */
const headBytesMax = 16 * 1024;

const redirectsMax = 3;

export interface StreamHead {
  /** Media type, lower case, without parameters; empty when it is not told. */
  mediaType: string;
  /** True for a recording with an end, false for a station that goes on. */
  isRecording: boolean;
}

export interface StreamEnd {
  why: 'no-connection' | 'refused' | 'redirected-elsewhere' | 'ended';
  /** For the technician, in the words of whoever said it. */
  said: string;
}

export interface StreamOpening {
  url: string;
  /** Once, before any data. */
  onHead: (head: StreamHead) => void;
  onData: (piece: Buffer) => void;
  /** Once, unless closed before. */
  onEnd: (end: StreamEnd) => void;
}

export interface Stream {
  /** Stops and continues reading; the other side is made to wait by TCP. */
  pause(): void;
  resume(): void;
  /** At once; nothing is told afterwards. */
  close(): void;
}

export type OpenStream = (opening: StreamOpening) => Stream;

export interface StreamOptions {
  /** Certificates to be trusted instead of the runtime's own (NODE_EXTRA_CA_CERTS adds); not behind a proxy. */
  authorities?: string | undefined;
  /** `http://[name:password@]host:port` of a CONNECT proxy for an address of the kind; absent: straight. */
  proxyUrlFor?: ((isSecure: boolean) => string | undefined) | undefined;
}

/** The real thing. Throws for a proxy that is no address. */
export function machineStream({ authorities, proxyUrlFor }: StreamOptions = {}): OpenStream {
  const agents = [false, true].map((secure) => {
    const proxyUrl = proxyUrlFor?.(secure);
    return proxyUrl === undefined ? false : createWayOut({ proxyUrl }).agent({ secure, keepAlive: false });
  });
  return (opening) => openStream(opening, { authorities, agentFor: (isSecure) => agents[Number(isSecure)] ?? false });
}

function openStream(
  opening: StreamOpening,
  { authorities, agentFor }: { authorities: string | undefined; agentFor: (isSecure: boolean) => Agent | false },
): Stream {
  let answer: IncomingMessage | undefined;
  let isPaused = false;
  let isOver = false;
  let abort = new AbortController();

  function end(outcome: StreamEnd): undefined {
    if (isOver) return undefined;
    isOver = true;
    abort.abort();
    opening.onEnd(outcome);
  }

  function request(url: URL, redirectsLeft: number): undefined {
    const own = new AbortController();
    abort = own;
    const asked: RequestOptions & { ca?: string } = {
      agent: agentFor(url.protocol === 'https:'),
      signal: own.signal,
      maxHeaderSize: headBytesMax,
      headers: { 'user-agent': 'Loa', accept: 'audio/mpeg, audio/aac, application/ogg, audio/ogg' },
      ...(authorities === undefined ? {} : { ca: authorities }),
    };
    const open = url.protocol === 'https:' ? https.get : http.get;
    const sent = open(url, asked, (given) => onAnswer(given, url, redirectsLeft));
    sent.on('error', (error) => {
      if (own.signal.aborted) return;
      end({ why: answer === undefined ? 'no-connection' : 'ended', said: error.message });
    });
  }

  function onAnswer(given: IncomingMessage, url: URL, redirectsLeft: number): undefined {
    if (isOver) return undefined;
    const status = given.statusCode ?? 0;
    // What is left of an answer that is not wanted breaks off with its connection.
    given.on('error', (error) => (given === answer ? end({ why: 'ended', said: error.message }) : undefined));
    const { location } = given.headers;
    if (status >= 301 && status <= 308 && location !== undefined) {
      const next = redirectionOf(location, url);
      if (next === undefined || redirectsLeft === 0)
        return end({ why: 'redirected-elsewhere', said: location.slice(0, 200) });
      abort.abort();
      return request(next, redirectsLeft - 1);
    }
    if (status !== 200) return end({ why: 'refused', said: `HTTP ${status}` });
    answer = given;
    opening.onHead(headOf(given));
    given.on('data', (piece: Buffer) => (isOver ? undefined : opening.onData(piece)));
    given.on('end', () => end({ why: 'ended', said: 'The station ended the stream' }));
    given.on('close', () => end({ why: 'ended', said: 'The connection broke off' }));
    if (isPaused) given.pause();
  }

  const url = URL.parse(opening.url);
  if (url === null || !isHttp(url)) queueMicrotask(() => end({ why: 'no-connection', said: 'Not an http(s) address' }));
  else request(url, redirectsMax);

  return {
    pause() {
      isPaused = true;
      answer?.pause();
    },
    resume() {
      isPaused = false;
      answer?.resume();
    },
    close() {
      isOver = true;
      abort.abort();
    },
  };
}

function headOf({ headers }: IncomingMessage): StreamHead {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  // Some station servers name a length that they do not mean.
  const isStation = Object.keys(headers).some((name) => name.startsWith('icy-') || name.startsWith('ice-'));
  const isRecording = headers['content-length'] !== undefined && !isStation;
  return { mediaType: mediaType.trim().toLowerCase(), isRecording };
}

/** Where a redirection leads; undefined when it leaves the host, the two protocols, or the encryption. */
function redirectionOf(location: string, from: URL): URL | undefined {
  const to = URL.parse(location, from.href);
  if (to === null || !isHttp(to) || to.hostname !== from.hostname) return undefined;
  return from.protocol === 'https:' && to.protocol === 'http:' ? undefined : to;
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}
