/**
 * What a person who installs a board reads: the release that really runs, every open fault, the server's refusal in the
 * language of the sentence it stands in, a page that cannot be opened, and that a permission is missing when it is.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { statePage } from '@loa/device-agent/fronts/local-page/pages.ts';
import { askState, socketName } from '@loa/device-agent/fronts/local-socket/local-socket.ts';
import { openFaultsFile } from '@loa/device-agent/keep/open-faults.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { readingsWords } from '@loa/device-agent/work/look-over/readings-words.ts';
import { sayState } from '@loa/device-agent/work/signs/say-state.ts';
import { boardAddress } from '@loa/web/model/enrol-hand-out.ts';
import { boardWords as panelEn } from '@loa/web/text/en/board.ts';
import { boardWords as panelVi } from '@loa/web/text/vi/board.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { packageAgent } from '../../../device-agent/package/bundle.ts';
import { identity } from '../installation.ts';
import { newPole, poleStateOf } from './pole-states.ts';

const home = join(import.meta.dirname, '../../../device-agent');
const soon = { timeout: 60_000, interval: 100 };
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let packageFolder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-installs-'));
  // Somebody else than its owner must be able to begin it.
  await chmod(folder, 0o755);
  packageFolder = join(folder, 'package');
  await packageAgent({ folder: packageFolder, number: 12, version: '0.2.0' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function environmentOf(own: Record<string, string>): Record<string, string | undefined> {
  const { NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...outer } = process.env;
  return { ...outer, LOA_SETTINGS_FILE: '/nowhere', LOA_AGENT_PLAYER: 'silent', LOA_AGENT_CLOCK: 'kept', ...own };
}

function command(args: readonly string[], own: Record<string, string>, as: readonly string[] = []) {
  const [program = '', ...rest] = [...as, process.execPath, join(packageFolder, 'loa-launch.js'), ...args];
  return spawnSync(program, rest, { env: environmentOf(own), encoding: 'utf8' });
}

function start(own: Record<string, string>) {
  const child = spawn(process.execPath, [join(packageFolder, 'loa-launch.js'), 'run'], { env: environmentOf(own) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    said: () => said,
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The folder of an enrolled board with open faults. */
async function enrolledWith(dir: string, codes: readonly ('sound-unplanned' | 'battery-low')[]): Promise<void> {
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk, onDamaged: () => undefined });
  await settings.update((data) => {
    data.identity = { ...identity, serverUrl: 'http://127.0.0.1:9' };
  });
  await openFaultsFile(disk).write(
    codes.map((code) => ({ kind: 'fault-opened', code, fault: `f-${code}`, sinceMs: 1, evidence: {} })),
  );
  await disk.close();
}

test('the release that runs is named by page, status, --version and at enrolment; help names the command', async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    if (request.url?.endsWith('/enrol')) asked.push(body);
    response.writeHead(403, { 'content-type': 'application/json' });
    const words = { vi: 'Mã sai hoặc đã hết hạn.', en: 'The code is wrong or has expired.' };
    response.end(JSON.stringify({ detail: words.en, ...words }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const serverUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const dir = join(folder, 'named');
  // Made beforehand by somebody's hand.
  await mkdir(dir, { mode: 0o755 });
  const env = { LOA_AGENT_DIR: dir, LOA_ENROL_FILE: join(folder, 'note.txt'), LOA_LOCAL_PAGE: '192.0.2.1:8080' };
  await writeFile(join(folder, 'note.txt'), `server=${serverUrl}\ncode=7KQ2M-X4T9D\n`);
  const agent = start(env);
  try {
    await expect.poll(async () => (await askState(join(dir, socketName)))?.enrolment.phase, soon).toBe('refused');
    expect(JSON.parse(asked[0] ?? '{}')).toMatchObject({ agentVersion: '0.2.0' });
    const { stdout, status } = command(['status'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Phiên bản \/ Version: 0\.2\.0,/);
    expect(stdout).toContain('Hãy xin mã mới. (Mã sai hoặc đã hết hạn.) / Not enrolled.');
    expect(stdout).toContain('Ask for a new one. (The code is wrong or has expired.)');
    // The network of the page is not there yet: said, and no alarm.
    expect(stdout).toMatch(/^ {2}Trang cho điện thoại \/ Page for a phone: Chưa mở/m);
    for (const name of ['', 'compiled']) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o700);
    const head = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${join(packageFolder, 'loa-launch.js')}" status | true`],
      { env: environmentOf(env), encoding: 'utf8' },
    );
    expect(head.stderr).toBe('');
  } finally {
    await agent.end();
    server.closeAllConnections();
    server.close();
  }
  expect(command(['--version'], env).stdout).toBe('loa-agent 0.2.0\n');
  expect(command(['--help'], env).stdout).toContain('Cách dùng / Usage: loa-agent [run | enrol CODE');
  expect(command(['nonsense'], env)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^Không hiểu.* \/ Not/),
  });
});

test('a look over lists the open faults and ends with 1; a running agent is asked about its output itself', async () => {
  const dir = join(folder, 'faulty');
  await enrolledWith(dir, ['sound-unplanned', 'battery-low']);
  const env = { LOA_AGENT_DIR: dir, LOA_AGENT_PLAYER: 'file', LOA_LOCAL_PAGE: '127.0.0.1:0' };
  const alone = command(['selftest'], env);
  expect(alone.stdout).toContain('!! Sự cố đang mở / Open faults: Có tiếng khi không có lịch / Sound while');
  expect(alone.stdout).toContain('!! Sự cố đang mở / Open faults: Ắc quy yếu / The battery is low');
  expect(alone.stdout).toMatch(/bộ nhớ trống [\d.,]+ [MG]B.* \/ free memory [\d.,]+ [MG]B/);
  expect(alone.stdout).toContain('ok Trang cho điện thoại / Page for a phone: Đang mở / Open');
  expect(alone.stdout).not.toContain('Bytes');
  expect(alone.status).toBe(1);
  expect(command(['status'], env).stdout).toContain('Ắc quy yếu / The battery is low');
  const agent = start(env);
  try {
    await expect.poll(async () => (await askState(join(dir, socketName)))?.page, soon).toBe('open');
    await expect.poll(() => agent.said(), soon).toContain('running as');
    expect(command(['selftest'], env).stdout).toMatch(/^ok Đường ra loa \/ Sound output: sẵn sàng \(player file\)/m);
    expect((await stat(join(dir, 'sound'))).mode & 0o777).toBe(0o700);
    await rm(join(dir, 'sound'), { recursive: true });
    // At once: the fault itself has patience.
    expect(command(['selftest'], env).stdout).toMatch(/^!! Đường ra loa \/ Sound output: không có \(player file/m);
  } finally {
    await agent.end();
  }
});

const isRoot = process.getuid?.() === 0;
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeNobody = isRoot && spawnSync('setpriv', ['--version']).status === 0;
if (!canBeNobody)
  console.warn('LEFT OUT: only root with setpriv can be somebody else: missing permissions are not tested.');

test.runIf(canBeNobody)('an ordinary user is told to use sudo, and nothing that is not so', async () => {
  const dir = join(folder, 'private');
  await mkdir(dir, { mode: 0o755 });
  await enrolledWith(dir, []);
  const settingsFile = join(folder, 'closed', 'agent.env');
  await mkdir(join(folder, 'closed'), { mode: 0o700 });
  await writeFile(settingsFile, 'LOA_BOARD=x\n', { mode: 0o600 });
  for (const mode of [0o700, 0o755])
    for (const name of ['status', 'selftest', 'logs']) {
      await chmod(dir, mode);
      const { stdout, stderr, status } = command([name], { LOA_AGENT_DIR: dir }, asNobody);
      expect(stdout).toBe('');
      expect(stderr).toBe(
        `Không có quyền đọc ${dir}: hãy chạy lại với sudo. / No permission to read ${dir}: run it with sudo.\n`,
      );
      expect(status).toBe(1);
    }
  const unread = command(['status'], { LOA_AGENT_DIR: dir, LOA_SETTINGS_FILE: settingsFile }, asNobody);
  expect(unread).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(`${settingsFile}: hãy chạy`) });
  expect(command(['--help'], { LOA_SETTINGS_FILE: settingsFile }, asNobody).status).toBe(0);
  // A port that only root may open: told by the commands, not by the log alone.
  const open = join(folder, 'unprivileged');
  execFileSync('install', ['-d', '-o', '65534', '-m', '700', open]);
  const low = command(['selftest'], { LOA_AGENT_DIR: open, LOA_LOCAL_PAGE: '127.0.0.1:80' }, asNobody);
  const isGuarded = Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) > 80;
  if (isGuarded) expect(low.stdout).toMatch(/^!! Trang cho điện thoại.*cổng dưới 1024 không được phép.*Put port 8080/m);
  expect(low.status).toBe(1);
});

test('the address in the panel`s code is the one the package opens, without privileges, and the button has one name', async () => {
  const packaged = await readFile(join(home, 'package/agent.env'), 'utf8');
  const [, at] = /^LOA_LOCAL_PAGE=(.*)$/m.exec(packaged) ?? [];
  expect(`http://${at}`).toBe(boardAddress);
  expect(Number(new URL(boardAddress).port)).toBeGreaterThanOrEqual(1024);
  const button = /<button[^>]*>([^<]+) <span lang="en">\(([^)]+)\)/.exec(statePage(newPole(), { seal: '' }));
  const [, vietnamese = '?', english = '?'] = button ?? [];
  expect(panelVi['claim.step-3']).toContain(`“${vietnamese}”`);
  expect(panelEn['claim.step-3']).toContain(`“${vietnamese} (${english})”`);
  const install = await readFile(join(home, 'package/INSTALL.md'), 'utf8');
  for (const said of [vietnamese, 'loa-enrol.txt', boardAddress, 'sudo loa-agent enrol', 'sudo loa-agent status'])
    expect(install).toContain(said);
});

test('a page that cannot be opened is for somebody to look after; one whose network is not up is not', () => {
  const lineOf = (page: 'open' | 'no-address' | 'not-allowed') =>
    sayState({ ...poleStateOf({}), page }).find(({ about }) => about.en === 'Page for a phone');
  expect(lineOf('open')?.isBad).toBe(false);
  expect(lineOf('no-address')?.isBad).toBe(false);
  expect(lineOf('not-allowed')).toMatchObject({ isBad: true, words: { en: expect.stringContaining('8080') } });
});

test('each way of measuring is named as what it is', () => {
  const measuring = (probes: string[]) =>
    sayState({ ...poleStateOf({}), fitting: 'microphone', probes }).find(({ about }) => about.en === 'Measuring')
      ?.words;
  expect(measuring(['microphone', 'amplifier-current'])?.vi).toBe('Micrô nghe loa; Đo dòng âm ly');
  expect(measuring(['loopback', 'line-level'])?.en).toMatch(
    /^Reads back its own record.*; Measures the amplifier's output/,
  );
  expect(measuring(['loopback'])?.vi).not.toContain('Micrô');
});

test('a figure has words and a unit, in each language as it is written there', () => {
  expect(readingsWords({ memoryFreeBytes: 17_634_340_864, temperatureC: 51.25 })).toEqual({
    vi: 'nhiệt độ 51,3 °C, bộ nhớ trống 17,6 GB',
    en: 'temperature 51.3 °C, free memory 17.6 GB',
  });
  expect(readingsWords({ mainsPresent: false, linkKind: 'mobile', linkSignalDbm: -97, uptimeS: 400_000 }).en).toBe(
    'no mains power, mobile network, signal -97 dBm, on for 4 days',
  );
});
