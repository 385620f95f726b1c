/**
 * Sends immutable bytes named by their hash, whole or in part, so that a download can be resumed (RFC 9110 §14). The
 * hash is the entity tag. Never lists anything and never buffers a file.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Disk } from '../../edges/disk.ts';
import { judgeRange } from './byte-range.ts';

/** What is sent: a file on disk, or a text that is in memory already. */
export type Bytes = { hash: string; mimeType: string; sizeBytes: number } & (
  | { kind: 'path'; path: string }
  | { kind: 'text'; content: Buffer }
);

/** Answers 200, 206 or 416; the caller has already decided that the asker may have it. */
export function sendBytes(
  room: { request: FastifyRequest; reply: FastifyReply; disk: Disk },
  bytes: Bytes,
): FastifyReply {
  const { request, reply, disk } = room;
  const etag = `"${bytes.hash}"`;
  const { range, 'if-range': ifRange, 'if-none-match': known } = request.headers;
  reply
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .header('x-content-type-options', 'nosniff');
  if (known === etag) return reply.code(304).send();

  const wanted = judgeRange({ range, ifRange: firstOf(ifRange), etag, sizeBytes: bytes.sizeBytes });
  if (wanted.kind === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${bytes.sizeBytes}`).send();
  }
  const startByte = wanted.kind === 'part' ? wanted.startByte : 0;
  const lastByte = wanted.kind === 'part' ? wanted.lastByte : bytes.sizeBytes - 1;
  if (wanted.kind === 'part') {
    reply.code(206).header('content-range', `bytes ${startByte}-${lastByte}/${bytes.sizeBytes}`);
  }
  reply.type(bytes.mimeType).header('content-length', lastByte - startByte + 1);
  if (bytes.sizeBytes === 0) return reply.send('');
  if (bytes.kind === 'text') return reply.send(bytes.content.subarray(startByte, lastByte + 1));
  return reply.send(disk.openStream(bytes.path, { startByte, endByte: lastByte }));
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
