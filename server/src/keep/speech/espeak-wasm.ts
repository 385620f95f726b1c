/**
 * A program of its own: espeak-ng's command line on top of the npm package `espeak-ng`, for machines without the real
 * one. It reads text from standard input and writes WAV to standard output, and knows only what `espeak.ts` asks for.
 *
 * Licence: the package is GPL-3.0-or-later. It is optional, is loaded by name at run time in this process only, and is
 * never imported by the server, which talks to it through pipes as to any other program.
 */

/** The package's name in a variable keeps bundlers and the compiler from linking it. */
const PACKAGE: string = 'espeak-ng';

const TEXT_PATH = '/text.xml';
const SOUND_PATH = '/speech.wav';

/** Exit codes: the package is not installed; it made no sound. */
const EXIT_MISSING = 3;
const EXIT_FAILED = 1;

type Files = { readFile(path: string): Uint8Array; writeFile(path: string, content: string): void };
type Instance = { FS: Files };
type Factory = (options: {
  arguments: string[];
  preRun: ((instance: Instance) => void)[];
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<Instance>;

const asked = process.argv.slice(2);
const loaded: unknown = await import(PACKAGE).catch(() => null);
if (!isEspeak(loaded)) {
  process.stderr.write('The npm package espeak-ng is not installed.\n');
  process.exit(EXIT_MISSING);
}
const speaks = asked.includes('--stdout');
const text = speaks ? await readStandardInput() : '';
const instance = await loaded.default({
  arguments: speaks ? [...withoutPipes(asked), '-f', TEXT_PATH, '-w', SOUND_PATH] : asked,
  preRun: [({ FS }) => FS.writeFile(TEXT_PATH, text)],
  print: (line) => process.stdout.write(`${line}\n`),
  printErr: (line) => {
    // Emscripten reports each normal end of a program that keeps its memory.
    if (!line.includes('keepRuntimeAlive')) process.stderr.write(`${line}\n`);
  },
});
if (speaks) {
  const sound = readSound(instance.FS);
  if (sound === null) process.exit(EXIT_FAILED);
  process.stdout.write(sound);
}

function readSound(files: Files): Uint8Array | null {
  try {
    return files.readFile(SOUND_PATH);
  } catch {
    return null;
  }
}

function withoutPipes(args: readonly string[]): string[] {
  return args.filter((arg) => arg !== '--stdin' && arg !== '--stdout');
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function isEspeak(module: unknown): module is { default: Factory } {
  return typeof module === 'object' && module !== null && 'default' in module && typeof module.default === 'function';
}
