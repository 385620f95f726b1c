/**
 * The demo's own small door on loopback, spoken to by the server only: which faults were made by hand, make or mend
 * one, and what a cluster emitted. Each request carries the token made at this start.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const faultSchema = z.object({ kind: z.enum(['unplugged', 'output-broken']), present: z.boolean() });
export type TownFault = z.infer<typeof faultSchema>;

/** No request of this door is larger. */
const bodyBytesMax = 1_000;

export interface ControlOptions {
  token: string;
  clusters(): { clusterId: string; unplugged: boolean; outputBroken: boolean }[];
  makeFault(clusterId: string, fault: TownFault): Promise<{ unplugged: boolean; outputBroken: boolean }>;
  sound(clusterId: string): Promise<Buffer | undefined>;
}

export interface Control {
  url: string;
  token: string;
  close(): Promise<void>;
}

/** Opens the door on a free port of 127.0.0.1. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: options.token,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(options: ControlOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== `Bearer ${options.token}`) return void response.writeHead(401).end();
  const [, family, clusterId, leaf] = new URL(request.url ?? '/', 'http://control').pathname.split('/');
  const clusters = options.clusters();
  if (family === 'clusters' && clusterId === undefined) return json(response, clusters);
  if (
    family !== 'clusters' ||
    !clusters.some((cluster) => cluster.clusterId === clusterId) ||
    clusterId === undefined
  ) {
    return void response.writeHead(404).end();
  }
  if (leaf === 'fault' && request.method === 'POST') {
    const fault = faultSchema.safeParse(await readJson(request));
    if (!fault.success) return void response.writeHead(400).end();
    return json(response, await options.makeFault(clusterId, fault.data));
  }
  if (leaf === 'sound' && request.method === 'GET') {
    const sound = await options.sound(clusterId);
    if (sound === undefined) return void response.writeHead(404).end();
    return void response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': sound.length }).end(sound);
  }
  response.writeHead(404).end();
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyBytesMax) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
