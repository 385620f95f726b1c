/**
 * Which synthesiser does this machine have? Asks the espeak-ng on PATH first, since a distribution keeps it newer, then
 * the WebAssembly one that npm may have installed. When neither answers, the synthesiser it returns refuses every text
 * and says what to install, so that the server runs all the same.
 */

import { fileURLToPath } from 'node:url';
import type { Disk } from '../../edges/disk.ts';
import type { RunProcess } from '../../edges/process.ts';
import { type EspeakProgram, espeakSynthesiser, refuseSpeech, type VietnameseVoice } from './espeak.ts';
import type { Synthesiser } from './synthesiser.ts';

/** Asking for a version is answered at once; a cold disk gets time to load 18 MB. */
const ASK_TIMEOUT_MS = 15_000;

/** Where to look and what to use. */
export type FindSynthesiserOptions = {
  runProcess: RunProcess;
  disk: Pick<Disk, 'writeSynced'>;
  /** Default `vi`, the northern standard of announcers. */
  voice?: VietnameseVoice;
  /** Name or path of the system's program. Default `espeak-ng` on PATH. */
  systemCommand?: string;
  /** The program that speaks by WebAssembly; a bundled server names where its copy lies. Default: the one beside. */
  wasmScriptPath?: string;
};

/** Never rejects; asks each candidate once. */
export async function findSynthesiser(options: FindSynthesiserOptions): Promise<Synthesiser> {
  const { runProcess, disk, voice = 'vi' } = options;
  const script = options.wasmScriptPath ?? fileURLToPath(new URL('./espeak-wasm.ts', import.meta.url));
  const candidates: EspeakProgram[] = [
    { command: options.systemCommand ?? 'espeak-ng', args: [], name: 'espeak-ng' },
    { command: process.execPath, args: [script], name: 'espeak-ng (WebAssembly)' },
  ];
  for (const candidate of candidates) {
    const answer = await runProcess({
      command: candidate.command,
      args: [...candidate.args, '--version'],
      timeoutMs: ASK_TIMEOUT_MS,
    });
    const version = /text-to-speech: ([\w.+-]{1,30})/u.exec(answer.stdout.toString());
    if (answer.exitCode !== 0 || version === null) continue;
    const program = { ...candidate, name: `${candidate.name} ${version[1]}` };
    return espeakSynthesiser({ program, voice, runProcess, disk });
  }
  return { name: 'none', speak: async () => refuseSpeech('speech-missing') };
}
