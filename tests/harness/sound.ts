/**
 * Sound for tests: made by code, written as WAV, decoded from any file, compared with what was sent. One import for the
 * three parts. All signals are mono 32-bit floating point, full scale ±1, unless a name says otherwise.
 */
export * from './sound-compare.ts';
export * from './sound-files.ts';
export * from './sound-signals.ts';
