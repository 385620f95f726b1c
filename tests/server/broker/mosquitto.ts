/**
 * A real Mosquitto with its dynamic-security plugin, in a folder of its own, when the machine has one. The plugin's
 * first configuration is written here as `mosquitto_ctrl dynsec init` would write it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync);
const plugin = globSync('/usr/{lib,local/lib}{,/*}/mosquitto_dynamic_security.so')[0];

/** Why no Mosquitto can be started here, or undefined when one can. */
export function mosquittoMissing(): string | undefined {
  const onPath = spawnSync('mosquitto', ['-h']).error === undefined;
  if (binary === undefined && !onPath) return 'no mosquitto on this machine: apt-get install mosquitto';
  return plugin === undefined ? 'mosquitto has no dynamic-security plugin here' : undefined;
}

export interface Mosquitto {
  url: string;
  port: number;
  kill(): Promise<void>;
  /** Starts it again with what its plugin had saved. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMosquitto(): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-mosquitto-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  await writeFile(join(folder, 'dynsec.json'), JSON.stringify(firstConfiguration(password)));
  await writeFile(
    join(folder, 'mosquitto.conf'),
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous false',
      'persistence false',
      'set_tcp_nodelay true',
      'max_packet_size 8192',
      `plugin ${plugin}`,
      `plugin_opt_config_file ${join(folder, 'dynsec.json')}`,
      process.getuid?.() === 0 ? 'user root' : '',
    ].join('\n'),
  );
  let child: ChildProcess;
  const start = async () => {
    child = spawn(binary ?? 'mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    await answering(port);
  };
  const kill = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  await start();
  return {
    url: `mqtt://loa:${password}@127.0.0.1:${port}`,
    port,
    kill,
    start,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function firstConfiguration(password: string): object {
  const salt = randomBytes(12);
  const iterations = 101;
  const own = '$CONTROL/dynamic-security/#';
  return {
    defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
    clients: [
      {
        username: 'loa',
        password: pbkdf2Sync(password, salt, iterations, 64, 'sha512').toString('base64'),
        salt: salt.toString('base64'),
        iterations,
        roles: [{ rolename: 'admin' }],
      },
    ],
    roles: [
      {
        rolename: 'admin',
        acls: [
          { acltype: 'publishClientSend', topic: own, allow: true },
          { acltype: 'publishClientReceive', topic: own, allow: true },
          { acltype: 'subscribePattern', topic: own, allow: true },
        ],
      },
    ],
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}

async function answering(port: number): Promise<void> {
  const { connect } = await import('node:net');
  for (let tries = 0; tries < 100; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Mosquitto did not start');
}
