/** Sends a file with its progress. `fetch` cannot tell how much of a file has gone out, so this is an XMLHttpRequest. */

/** What the server answered; `status` 0 when it could not be reached. */
export interface UploadAnswer {
  status: number;
  text: string;
}

/** Sends one multipart form. `onProgress` is handed the fraction sent, 0 to 1. Aborting answers status 0. */
export function upload(input: {
  path: string;
  form: FormData;
  headers: Readonly<Record<string, string>>;
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}): Promise<UploadAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', input.path);
    for (const [name, value] of Object.entries(input.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) input.onProgress(event.loaded / event.total);
    };
    request.onloadend = () => resolve({ status: request.status, text: request.responseText });
    input.signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(input.form);
  });
}
