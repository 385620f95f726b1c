/**
 * `npm start`: a running town for a newcomer. Prints where the panel is and, the first time, who may sign in. Reads
 * the environment, signals and exit codes; everything else is `town.ts`.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openTown } from './town.ts';

const httpPort = readPort(process.env.LOA_HTTP_PORT ?? '8080');
const dir = resolve(process.env.LOA_TOWN_DIR ?? join(import.meta.dirname, '../../data'));
const startedMs = performance.now();

console.log('Loa: starting a town of 12 speaker clusters / đang dựng một địa bàn mẫu với 12 cụm loa …');
try {
  const town = await openTown({ dir, httpPort, withSamples: true });
  if (town.firstRun !== undefined) {
    console.log('\nWho may sign in (shown this once) / Tài khoản (chỉ hiện lần này):\n');
    for (const person of town.firstRun.people) {
      console.log(`  ${person.login.padEnd(14)} ${person.password}   ${person.name}`);
    }
    console.log(
      `\nRoot key, to be written on paper and kept away from the server (shown this once):\n  ${town.firstRun.rootKey}`,
    );
  } else {
    console.log(`\nIt goes on from where it was; the passwords are those of its first start. Lost? Delete ${dir}.`);
    console.log(`Tiếp tục từ lần trước, mật khẩu như lần đầu. Quên mật khẩu? Hãy xóa thư mục ${dir}.`);
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(
    `\nPanel / bảng điều khiển: http://localhost:${httpPort}   (ready after ${seconds} s; state in ${dir}; Ctrl-C ends it)`,
  );

  town.samples.then(
    () => {
      if (town.firstRun === undefined || isClosing) return;
      console.log('The sample weeks of two communes are in / Đã nạp lịch mẫu một tuần của hai xã.');
    },
    (error: unknown) => {
      if (!isClosing) console.error(`The sample weeks could not be brought in: ${String(error)}`);
    },
  );

  let isClosing = false;
  const close = async (): Promise<void> => {
    if (isClosing) return;
    isClosing = true;
    await town.close();
    process.exit(0);
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
} catch (error) {
  console.error(`The town did not start: ${error instanceof Error ? error.message : String(error)}`);
  if (existsSync(join(dir, 'logs'))) console.error(`Logs are in ${join(dir, 'logs')}.`);
  process.exit(1);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  console.error(`LOA_HTTP_PORT is “${text}”: must be a whole number from 1 to 65535`);
  process.exit(2);
}
