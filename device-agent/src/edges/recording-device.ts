/** Whether this board has anything that records. Asks Linux's list of sound devices; opens none. */
import { readFileSync } from 'node:fs';

/** ALSA's list of its PCM devices. */
const listPath = '/proc/asound/pcm';

/** True when a device of this board can record. */
export function hasRecordingDevice(): boolean {
  try {
    return /capture/i.test(readFileSync(listPath, 'utf8'));
  } catch {
    return false;
  }
}
