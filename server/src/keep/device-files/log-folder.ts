/**
 * Where do the logs lie that devices were asked for? In a folder for each device, one file for each order, gzipped as it
 * came. A name appears only after its bytes are synced. It never decides who may read one or how many are kept; what a
 * log unpacks to is bounded, since a stranger's megabyte may unpack to a thousand.
 */
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isTopicId } from '@loa/protocol/device';
import type { Disk } from '../../edges/disk.ts';

/** A megabyte of gzipped text is some ten unpacked; what is longer is cut. */
export const logTextBytesMax = 32 * 1024 * 1024;

/** The log of one order. */
export interface LogName {
  deviceId: string;
  orderId: string;
}

export interface LogFolder {
  /** Keeps it whole; one that is there is replaced. */
  keep(name: LogName, bytes: Uint8Array): Promise<void>;
  /** Its text as it is unpacked, or undefined when it is not here. What is cut or damaged ends with a line that says so. */
  open(name: LogName): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Harmless when there is none. */
  remove(name: LogName): Promise<void>;
}

/** Opens the folder at `root`; it is made with the first log. */
export function openLogFolder({ root, disk }: { root: string; disk: Disk }): LogFolder {
  const folderOf = ({ deviceId, orderId }: LogName) => {
    if (!isTopicId(deviceId) || !isTopicId(orderId)) throw new TypeError('A log is named by ids');
    return join(root, deviceId);
  };
  const pathOf = (name: LogName) => join(folderOf(name), `${name.orderId}.gz`);

  return {
    keep: async (name, bytes) => {
      const folder = folderOf(name);
      await disk.makeFolder(folder, { isPrivate: true });
      await disk.syncFolder(root);
      await disk.syncFolder(dirname(root));
      const arriving = disk.temporaryPath(folder);
      try {
        await disk.writeSynced(arriving, once(bytes), { isPrivate: true });
        await disk.rename({ from: arriving, to: pathOf(name) });
      } catch (error) {
        await disk.remove(arriving);
        throw error;
      }
      await disk.syncFolder(folder);
    },
    open: async (name) => {
      const path = pathOf(name);
      return (await disk.sizeBytes(path)) === undefined ? undefined : unpacked(disk.openStream(path));
    },
    remove: async (name) => {
      await disk.remove(pathOf(name));
    },
  };
}

/** Unpacks at most `bytesMax`; never throws on what the device sent. */
async function* unpacked(packed: Readable, bytesMax = logTextBytesMax): AsyncGenerator<Uint8Array> {
  let leftBytes = bytesMax;
  const text = packed.pipe(createGunzip({ chunkSize: 256 * 1024 }));
  packed.once('error', (error) => text.destroy(error));
  try {
    for await (const chunk of text) {
      if (!(chunk instanceof Uint8Array)) throw new Error('An unpacked log gave something other than bytes');
      yield chunk.subarray(0, leftBytes);
      leftBytes -= chunk.length;
      if (leftBytes > 0) continue;
      yield Buffer.from('\n… cut here: the log is longer / phần sau đã bị cắt vì nhật ký quá dài\n');
      return;
    }
  } catch {
    yield Buffer.from('\n… damaged here: the rest cannot be read / phần sau bị hỏng, không đọc được\n');
  } finally {
    packed.destroy();
    text.destroy();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
