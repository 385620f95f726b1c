/**
 * Takes an uploaded sound file to a temporary file on disk, never into memory. What is too large is refused before its
 * first byte where its size is told, else cut off at the limit; nothing of a refused upload stays on the disk.
 */
import { extname } from 'node:path';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Disk } from '../../edges/disk.ts';
import { contentTypeUnknown, diskFull, uploadBroken, uploadMissing, uploadTooLarge } from './http-refusals.ts';
import type { HttpLimits } from './ports.ts';
import type { HttpRefusal } from './problem.ts';

/** A received file; whoever takes it removes it. */
export type Received = { ok: true; value: { path: string; title: string } } | { ok: false; refusal: HttpRefusal };

/** Form fields and boundaries around the file. */
const formBytesMax = 64 * 1024;
const titleLengthMax = 200;

/** Reads one `file` part, and a `title` field wherever it stands in the form. */
export async function receiveUpload(
  request: FastifyRequest,
  room: { disk: Disk; folder: string; limits: HttpLimits },
): Promise<Received> {
  const { disk, folder, limits } = room;
  if (!request.isMultipart()) return { ok: false, refusal: contentTypeUnknown };
  const toldBytes = Number(request.headers['content-length'] ?? Number.NaN);
  if (toldBytes > limits.uploadBytesMax + formBytesMax) {
    return { ok: false, refusal: uploadTooLarge(limits.uploadBytesMax) };
  }
  await disk.makeFolder(folder);
  const neededBytes = Number.isFinite(toldBytes) ? toldBytes : limits.uploadBytesMax;
  if ((await disk.freeBytes(folder)) < neededBytes + limits.diskReserveBytes) return { ok: false, refusal: diskFull };

  const path = disk.temporaryPath(folder);
  const received = await readForm(request, { ...room, path }).catch((error: unknown): Received => {
    if (error instanceof FileTooLarge) return { ok: false, refusal: uploadTooLarge(limits.uploadBytesMax) };
    request.log.info({ err: error }, 'upload ended before its end');
    return { ok: false, refusal: uploadBroken };
  });
  if (!received.ok) await disk.remove(path);
  return received;
}

async function readForm(
  request: FastifyRequest,
  room: { disk: Disk; path: string; limits: HttpLimits },
): Promise<Received> {
  let title = '';
  let fileName: string | undefined;
  const parts = request.parts({
    limits: { fileSize: room.limits.uploadBytesMax * 2, files: 1, fields: 10, parts: 12, fieldSize: 4_096 },
  });
  for await (const part of parts) {
    if (part.type === 'field') {
      if (part.fieldname === 'title' && typeof part.value === 'string') title = part.value.trim();
    } else if (part.fieldname === 'file' && fileName === undefined) {
      fileName = part.filename;
      await room.disk.writeSynced(room.path, bounded(part, room.limits.uploadBytesMax));
    } else {
      part.file.resume();
    }
  }
  if (fileName === undefined) return { ok: false, refusal: uploadMissing };
  const named = title === '' ? fileName.slice(0, fileName.length - extname(fileName).length) : title;
  return { ok: true, value: { path: room.path, title: named.normalize('NFC').slice(0, titleLengthMax) } };
}

class FileTooLarge extends Error {}

async function* bounded(part: MultipartFile, bytesMax: number): AsyncGenerator<Uint8Array> {
  let takenBytes = 0;
  for await (const chunk of part.file) {
    if (!(chunk instanceof Uint8Array)) throw new Error('A file part gave something other than bytes');
    takenBytes += chunk.length;
    if (takenBytes > bytesMax) throw new FileTooLarge();
    yield chunk;
  }
}
