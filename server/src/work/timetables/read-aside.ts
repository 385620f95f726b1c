/**
 * How is a stranger's spreadsheet read without holding up anybody? In a thread of its own with a bound on its memory, a
 * few at a time, while emergencies go on being served on the main one.
 */
import { Worker } from 'node:worker_threads';
import type { TimetableRead } from '@loa/protocol/panel';
import type { TimetableSource } from '../../keep/timetable/read-timetable.ts';
import { refuseTimetable } from '../../keep/timetable/timetable-refusals.ts';
import { type Result, refuse } from '../../refusal.ts';

/** Read at once; an office reads one file a month. */
const readingMax = 2;
/** Ten times what the largest timetable that is taken needs. */
const memoryMbMax = 384;

/** A reader of timetables; what is read, and for whom, is `TimetableSource`. */
export type ReadAside = (source: Omit<TimetableSource, 'readText'>) => Promise<Result<TimetableRead>>;

/** Makes the reader. More than `readingMax` at once are refused with `timetable-busy`. */
export function timetableReader(): ReadAside {
  let reading = 0;
  return async (source) => {
    if (reading >= readingMax) return refuse(busy);
    reading += 1;
    try {
      return await readInThread(source);
    } finally {
      reading -= 1;
    }
  };
}

function readInThread(source: Omit<TimetableSource, 'readText'>): Promise<Result<TimetableRead>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./timetable-thread.ts', import.meta.url), {
      workerData: source,
      resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
    });
    worker.once('message', (answer: Result<TimetableRead>) => resolve(answer));
    worker.once('error', (error) => {
      const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (isFull) resolve(refuseTimetable('timetable-unpacks-too-large'));
      else reject(error);
    });
    worker.once('exit', () => reject(new Error('The thread that reads a timetable ended without an answer')));
  });
}

const busy = {
  code: 'timetable-busy',
  status: 503,
  vi: 'Máy chủ đang đọc bảng lịch phát của người khác. Hãy đợi một phút rồi tải lên lại.',
  en: 'The server is reading the timetables of others. Wait a minute, then upload it again.',
} as const;
