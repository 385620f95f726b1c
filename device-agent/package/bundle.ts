/**
 * Makes the package for boards: one file of JavaScript with everything it needs, the launcher, and what systemd reads.
 * `npm run package -w device-agent -- --number 12 --version 0.2.0`, into `dist/`. Beside them lies the release as it is
 * signed and sent to boards that run already. The same sources give the same bytes.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { programName, sha256Of } from '../src/keep/releases/slots.ts';

const home = join(import.meta.dirname, '..');
const asTheyAre = ['loa-agent', 'loa-agent.service', 'loa-agent.sysusers.conf', 'agent.env', 'INSTALL.md'];

/** Speed-ups that `ws` looks for, and the decoder of the development packages: a board has neither. */
const leftOut = ['bufferutil', 'utf-8-validate', '@ffmpeg-installer/ffmpeg'];

/** What was made. */
export interface Packaged {
  folder: string;
  /** The gzipped program: what `sealRelease` signs. */
  releasePath: string;
  programBytes: number;
  releaseBytes: number;
}

/** What `mqtt` loads and a board never uses: proxies that are not HTTP, timers of a browser. */
const absent = { socks: join(home, 'package/absent.ts'), 'worker-timers': join(home, 'package/absent.ts') };

/** One file of plain JavaScript from an entry and all it imports. Names stay, so that a log's stack trace can be read. */
export async function bundleProgram({ entry, file }: { entry: string; file: string }): Promise<void> {
  const bundle = await rolldown({ input: entry, platform: 'node', external: leftOut, resolve: { alias: absent } });
  try {
    await bundle.write({
      file,
      format: 'esm',
      codeSplitting: false,
      sourcemap: false,
      comments: false,
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    });
  } finally {
    await bundle.close();
  }
  await writeFile(file, inAscii(await readFile(file, 'utf8')));
}

/**
 * The same program with every letter beyond ASCII written as an escape: with one Vietnamese word in it the engine keeps
 * the whole source with two bytes a letter. Not for programs that ask for the raw text of a template.
 */
export function inAscii(program: string): string {
  if (program.includes('String.raw')) throw new Error('The raw text of a template would change: write it otherwise');
  if (/\\[^\0-\x7f]/.test(program)) throw new Error('An escape before a letter beyond ASCII: write the letter alone');
  return program.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The whole package. `number` is at least 1 and greater than that of every release before. */
export async function packageAgent(options: { folder: string; number: number; version: string }): Promise<Packaged> {
  const { folder, number, version } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await bundleProgram({ entry: join(home, 'src/main.ts'), file: join(folder, programName) });
  await bundleProgram({ entry: join(home, 'package/launch.ts'), file: join(folder, 'loa-launch.js') });
  for (const name of asTheyAre) await cp(join(home, 'package', name), join(folder, name));
  const program = await readFile(join(folder, programName));
  const slot = { number, version, sha256: sha256Of(program) };
  await writeFile(join(folder, 'loa-agent.json'), `${JSON.stringify(slot)}\n`);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const release = gzipSync(program, { level: 9 });
  const releasePath = join(folder, `loa-agent-${number}.js.gz`);
  await writeFile(releasePath, release);
  return { folder, releasePath, programBytes: program.length, releaseBytes: release.length };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { number: { type: 'string' }, version: { type: 'string' } } });
  const number = Number(values.number ?? '1');
  if (!Number.isSafeInteger(number) || number < 1) throw new Error('--number is a whole number of at least 1');
  const found: unknown = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const own = typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : '0';
  const version = values.version ?? own;
  const made = await packageAgent({ folder: join(home, 'dist'), number, version });
  const kB = (bytes: number) => `${Math.round(bytes / 1_000)} kB`;
  console.log(`Release ${number} (${version}): ${made.folder}, program ${kB(made.programBytes)}`);
  console.log(`To be signed and sent: ${made.releasePath}, ${kB(made.releaseBytes)}`);
}
