/**
 * Holds the walls of the house: reads every import line of every workspace and compares it with DESIGN's directions.
 * The compiler alone does not hold them across workspaces.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What each workspace may import of the others. */
const allowed: Record<string, readonly string[]> = {
  schedules: [],
  protocol: ['@loa/schedules'],
  server: ['@loa/protocol', '@loa/schedules'],
  'device-agent': ['@loa/protocol/device', '@loa/schedules'],
  web: ['@loa/protocol/panel', '@loa/schedules'],
  demo: ['@loa/protocol', '@loa/schedules'],
};

/** Layers inside a program, outermost first; a file may import only its own room, lower layers, and the root's shapes. */
const layers = ['fronts', 'work', 'keep', 'edges'];

/** Files that alone know all rooms. */
const knowsAll = new Set(['compose.ts', 'main.ts']);

/** Each outside library has one home: where it may be imported. */
const homes: Record<string, readonly string[]> = {
  fastify: ['server/src/fronts/http'],
  aedes: ['server/src/fronts/broker'],
  kysely: ['server/src/keep/store', 'server/src/work', 'server/src/installation'],
  pg: ['server/src/keep/store'],
  'fluent-ffmpeg': ['server/src/keep/clips'],
  saxes: ['server/src/keep/timetable'],
  'csv-parse/sync': ['server/src/keep/timetable'],
  lowdb: ['device-agent/src/keep/settings'],
  ws: ['server/src/fronts/live', 'server/src/fronts/broker', 'device-agent/src/edges'],
  mqtt: ['server/src/fronts/broker', 'device-agent/src/edges'],
};

interface Import {
  file: string;
  from: string;
}

const imports = (await Promise.all(Object.keys(allowed).map((workspace) => importsOf(workspace)))).flat();

test('a workspace imports only what stands below it', () => {
  const wrong = imports.filter(({ file, from }) => {
    if (!from.startsWith('@loa/')) return false;
    const own = file.split('/')[0] ?? '';
    return !(allowed[own] ?? []).some((name) => from === name || from.startsWith(`${name}/`));
  });
  expect(wrong).toEqual([]);
});

test('no workspace reaches into another by a path', () => {
  const wrong = imports.filter(({ file, from }) => {
    if (!from.startsWith('.')) return false;
    return join(file, '..', from).split(sep)[0] !== file.split('/')[0];
  });
  expect(wrong).toEqual([]);
});

test('the law and the wire read no clock, no disk, no network', () => {
  const pure = new Set(['zod', 'node:crypto', '@loa/schedules']);
  const wrong = imports.filter(
    ({ file, from }) => /^(schedules|protocol)\//.test(file) && !from.startsWith('.') && !pure.has(from),
  );
  expect(wrong).toEqual([]);
});

test('rooms of one layer do not import each other, and no layer looks up', () => {
  const wrong = imports.filter(({ file, from }) => {
    if (!from.startsWith('.') || !/^(server|device-agent)\//.test(file)) return false;
    if (knowsAll.has(file.split('/').at(-1) ?? '')) return false;
    const [ownLayer, ownRoom] = placeOf(file);
    const [theirLayer, theirRoom] = placeOf(join(file, '..', from));
    if (ownLayer === undefined || theirLayer === undefined) return false;
    const own = layers.indexOf(ownLayer);
    const theirs = layers.indexOf(theirLayer);
    if (own === theirs) return ownLayer !== 'edges' && ownRoom !== theirRoom && !(theirRoom ?? '').endsWith('.ts');
    return theirs < own;
  });
  expect(wrong).toEqual([]);
});

test('each outside library has one home', () => {
  const wrong = imports.filter(({ file, from }) => {
    const home = homes[from];
    return home !== undefined && !home.some((place) => file.startsWith(place));
  });
  expect(wrong).toEqual([]);
});

test('only edges and main read clocks, timers and randomness', async () => {
  const forbidden =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])set(Timeout|Interval|Immediate)\(|Temporal\.Now\b/;
  const wrong: string[] = [];
  for (const workspace of ['schedules', 'protocol', 'server', 'device-agent']) {
    for (const file of await sourcesOf(workspace)) {
      if (/\/src\/(edges\/|main\.ts)/.test(file)) continue;
      const lines = (await readFile(join(root, file), 'utf8')).split('\n');
      lines.forEach((line, index) => {
        if (forbidden.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line)) wrong.push(`${file}:${index + 1} ${line.trim()}`);
      });
    }
  }
  expect(wrong).toEqual([]);
});

test('every source file says in its header what question it answers', async () => {
  const wrong: string[] = [];
  for (const workspace of Object.keys(allowed)) {
    for (const file of await sourcesOf(workspace)) {
      if (!(await readFile(join(root, file), 'utf8')).startsWith('/**')) wrong.push(file);
    }
  }
  expect(wrong).toEqual([]);
});

function placeOf(path: string): [string | undefined, string | undefined] {
  const parts = path.split('/');
  const at = parts.indexOf('src') + 1;
  const layer = parts[at];
  return layer !== undefined && layers.includes(layer) ? [layer, parts[at + 1]] : [undefined, undefined];
}

async function sourcesOf(workspace: string): Promise<string[]> {
  const entries = await readdir(join(root, workspace, 'src'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

async function importsOf(workspace: string): Promise<Import[]> {
  const found: Import[] = [];
  for (const file of await sourcesOf(workspace)) {
    const text = await readFile(join(root, file), 'utf8');
    for (const match of text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    )) {
      const from = match[1] ?? match[2] ?? match[3];
      if (from !== undefined) found.push({ file, from });
    }
  }
  return found;
}
