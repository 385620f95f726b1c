/**
 * How the store says that it cannot take more just now. A full queue is told at once; nothing waits without an end.
 */

/** Too many reads or writes wait; nothing was done. Doors answer 503 with its message. */
export class StoreBusy extends Error {
  constructor() {
    super('Hệ thống đang bận, hãy thử lại sau ít giây / The system is busy, try again in a few seconds');
    this.name = 'StoreBusy';
  }
}
