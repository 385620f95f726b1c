/** Uploads a sound file with its progress: the one call that is not JSON. */
import { api } from '@loa/protocol/panel';
import { upload } from '../edges/upload.ts';
import { type CallAnswer, type CallResult, ownHeaders, parseAnswer } from './call.ts';

/** `onProgress` is handed the fraction sent, 0 to 1; at 1 the server is still preparing the sound. */
export async function uploadClip(input: {
  file: File;
  title: string;
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}): Promise<CallResult<CallAnswer<'uploadClip'>>> {
  const form = new FormData();
  if (input.title !== '') form.set('title', input.title);
  form.set('file', input.file);
  const { onProgress, signal } = input;
  const answer = await upload({ path: api.uploadClip.path, form, headers: ownHeaders, onProgress, signal });
  return answer.status === 0 ? { ok: false, failure: { kind: 'network' } } : parseAnswer('uploadClip', answer);
}
