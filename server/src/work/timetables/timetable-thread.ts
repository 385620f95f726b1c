/** A thread that reads one timetable, tells the answer and ends. It decides nothing and keeps nothing. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPastedText } from '../../keep/speech/pasted-text.ts';
import { readTimetable, type TimetableSource } from '../../keep/timetable/read-timetable.ts';

const source: Omit<TimetableSource, 'readText'> = workerData;
parentPort?.postMessage(readTimetable({ ...source, readText: readPastedText }));
