/** Sends a spreadsheet to be read; nothing of it is kept. */
import { api } from '@loa/protocol/panel';
import { upload } from '../edges/upload.ts';
import { type CallAnswer, type CallResult, ownHeaders, parseAnswer } from './call.ts';

/** `areaId`: where a row without a place belongs. */
export async function readTimetable(input: {
  file: File;
  areaId: string;
  signal: AbortSignal;
}): Promise<CallResult<CallAnswer<'readTimetable'>>> {
  const form = new FormData();
  form.set('areaId', input.areaId);
  form.set('file', input.file);
  const answer = await upload({
    path: api.readTimetable.path,
    form,
    headers: ownHeaders,
    onProgress: () => undefined,
    signal: input.signal,
  });
  return answer.status === 0 ? { ok: false, failure: { kind: 'network' } } : parseAnswer('readTimetable', answer);
}
