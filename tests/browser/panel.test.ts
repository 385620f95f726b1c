/**
 * The built panel in a real Chromium, against the mock town: its straight path is walked, it says within 5 s that it is
 * stale, and no page has a serious accessibility fault. The times it names are the installation's, not the browser's.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { staleAfterMs } from '@loa/protocol/panel';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenBrowser, openBrowser } from '../harness/browser.ts';
import { isFull } from '../harness/full.ts';
import { type MockServer, startMock } from './mock/server.ts';

const webDir = fileURLToPath(new URL('../../web/dist', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A machine of two cores that does other things beside. */
const patienceMs = 60_000;
const desktop = { viewport: { width: 1366, height: 768 }, colorScheme: 'light' } as const;
const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;

let chromium: OpenBrowser;
let server: MockServer;
let context: BrowserContext | undefined;
let axe: string;

beforeAll(async () => {
  await readFile(`${webDir}/index.html`).catch(() => {
    throw new Error('The panel is not built: run `npm run build` first');
  });
  axe = await readFile(axePath, 'utf8');
  server = await startMock({ webDir, startMs: Date.parse('2026-11-27T17:02:20+07:00') });
  chromium = await openBrowser();
}, patienceMs);

afterAll(async () => {
  await chromium?.close();
  await server?.close();
}, patienceMs);

afterEach(async () => {
  server.setOnline(true);
  await context?.close();
  context = undefined;
});

async function open(login: string, path: string): Promise<Page> {
  context = await chromium.browser.newContext({
    viewport: desktop.viewport,
    colorScheme: desktop.colorScheme,
    locale: 'en-US',
    timezoneId: 'America/New_York',
  });
  if (login !== '') await context.request.post(`${server.url}/api/session`, { data: { login, password: 'any' } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(server.url + path);
  return page;
}

describe('an officer', () => {
  it('signs in, is told when that fails, and arrives at today', { timeout: patienceMs }, async () => {
    const page = await open('', '/');
    await page.getByLabel('Tên đăng nhập').fill('canbo');
    await page.getByLabel('Mật khẩu', { exact: true }).fill('sai');
    await page.getByRole('button', { name: 'Vào' }).click();
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await page.getByLabel('Mật khẩu', { exact: true }).fill('đúng');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hôm nay', level: 1 }).waitFor();
    await page.getByText('thứ Sáu 27/11 (19/10 ÂL) · Phường Hàm Thắng').waitFor();
  });

  it('writes a notice, hears it, plays it now, and sees each cluster to its outcome', {
    timeout: patienceMs,
  }, async () => {
    const page = await open('canbo', '/compose');
    await page.getByLabel('Nội dung loa sẽ đọc').fill('UBND mời họp lúc 8h00.');
    await page.getByText('Ủy ban nhân dân').first().waitFor();
    await page.getByRole('button', { name: 'Tạo giọng đọc' }).click();
    await page.getByText('Xin nghe lại trước khi phát').waitFor();
    await page.getByRole('button', { name: /^Nghe:/ }).click();
    await page.getByRole('button', { name: /^Tạm dừng:/ }).waitFor();
    await page.getByRole('checkbox', { name: 'Phường Hàm Thắng' }).check();
    await page.reload();
    await page.getByText('4 cụm loa, trong đó 1 cụm đang mất liên lạc').waitFor();
    await page.getByRole('radio', { name: 'Phát ngay' }).check();
    await page.getByText('Phát ngay bây giờ, tại 4 cụm loa.').waitFor();
    await page.getByRole('button', { name: 'Phát ngay' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Chợ Kim Ngọc').waitFor();
    await dialog.getByRole('button', { name: 'Phát ngay' }).click();
    await page.getByRole('heading', { name: 'UBND mời họp lúc 8h00.' }).waitFor();
    await page
      .getByText(/Đang tải về \d+%|Sẵn sàng/)
      .first()
      .waitFor();
    await page.getByText('Đang phát').first().waitFor();
    await page.getByText('3 đã phát').waitFor();
    await page.getByText('Đã phát, đo được tiếng').waitFor();
    expect(await page.evaluate('localStorage.getItem("loa.draft.canbo")')).toBeNull();
  });

  it('is told within 5 s that the picture is stale, and gets it back', { timeout: patienceMs }, async () => {
    const page = await open('canbo', '/today');
    await page.getByText('Sắp phát').waitFor();
    const cutMs = performance.now();
    server.setOnline(false);
    await page.getByText('Mất kết nối với máy chủ từ 17:0').waitFor();
    expect(performance.now() - cutMs).toBeLessThan(10 * staleAfterMs);
    server.setOnline(true);
    await page.getByText('Mất kết nối với máy chủ').waitFor({ state: 'detached' });
  });

  it('reads English, and is remembered to', { timeout: patienceMs }, async () => {
    const page = await open('canbo', '/today');
    await page.getByRole('button', { name: 'Nguyễn Thị Hồng' }).click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });
});

describe('the department', () => {
  it('sends an emergency only by holding, and stops it', { timeout: patienceMs }, async () => {
    const page = await open('tinh', '/emergency');
    await page.getByLabel('Nội dung loa sẽ đọc').fill('Hồ Sông Quao xả lũ, bà con di chuyển ngay.');
    await page.getByRole('button', { name: 'Tạo giọng đọc' }).click();
    await page.getByRole('checkbox', { name: 'Xã Hàm Thuận Bắc' }).check();
    await page.getByText('4 cụm loa sẽ phát ngay, 3 lần').waitFor();
    const push = page.getByRole('button', { name: /PHÁT KHẨN CẤP/ });
    const box = await push.boundingBox();
    if (box === null) throw new Error('The button is not drawn');
    await page.mouse.move(box.x + 40, box.y + 20);
    await page.mouse.down();
    await page.mouse.up();
    expect(server.world.bulletins.some((bulletin) => bulletin.class === 'emergency')).toBe(false);
    await push.focus();
    await page.keyboard.down('Space');
    await page.getByText('Đã gửi bản tin khẩn cấp.').waitFor();
    await page.keyboard.up('Space');
    await page.getByRole('button', { name: 'Dừng phát' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Dừng phát' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Dừng phát' }).count(), { timeout: 20_000 }).toBe(0);
    expect(server.world.bulletins[0]?.withdrawnMs).toBeDefined();
  });
});

describe('a technician', () => {
  it('makes a fault in the demo, sees it, and mends it', { timeout: patienceMs }, async () => {
    const page = await open('kythuat', '/');
    await page.getByRole('link', { name: /Cầu Bình Lâm/ }).click();
    await page.getByText('Không có đường ra loa').first().waitFor();
    await page.goto(`${server.url}/clusters/c-htb-cho`);
    await page.getByText('Không có sự cố').waitFor();
    await page.getByRole('button', { name: 'Rút điện' }).click();
    await page.getByText('vẫn phát theo lịch đã nhận đến').waitFor();
    await page.getByRole('button', { name: 'Cắm điện lại' }).click();
    await page.getByText('Không có sự cố').waitFor();
    await page.getByRole('button', { name: 'Lấy mã lắp đặt' }).click();
    await page.getByText('KQ7M-2XFP-9TDA').waitFor();
    await page.getByRole('img', { name: 'Mã vuông để điện thoại quét' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải tệp loa-enrol.txt' }).click();
    expect(await readFile(await (await saved).path(), 'utf8')).toBe(`server=${server.url}\ncode=KQ7M-2XFP-9TDA\n`);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('tests the sound of a pole and reads its log from afar, and sees what its board senses', {
    timeout: patienceMs,
  }, async () => {
    const page = await open('kythuat', '/clusters/c-ubnd');
    await page.getByText('71 % · 12,4 V').waitFor();
    await page.getByText('So tiếng đo được với bản tin đã gửi.').waitFor();
    const order = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    };
    await order('Thử loa thầm');
    await page.getByText('Đã gửi lệnh, chờ thiết bị').waitFor();
    await page.getByText('Đã gửi lệnh, chờ thiết bị').waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'Thử loa thầm' }).getByText('Loa có tiếng, đo được').waitFor();
    await order('Lấy nhật ký');
    await page.getByRole('button', { name: 'Xem nhật ký' }).click();
    await page.getByText('link: MQTT connected').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

async function accessibilityFaults(page: Page): Promise<unknown> {
  await page.evaluate(axe);
  return await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`,
  );
}

describe('no page has a serious accessibility fault, or is wider than its screen', () => {
  it.each([
    ['', '/'],
    ['canbo', '/today'],
    ['canbo', '/compose'],
    ['canbo', '/bulletins'],
    ['canbo', '/week'],
    ['canbo', '/log'],
    ['canbo', '/airings/b-chieu%401795773600'],
    ['tinh', '/overview'],
    ['tinh', '/emergency'],
    ['kythuat', '/clusters'],
    ['kythuat', '/clusters/c-da-dung'],
  ])('%s %s', { timeout: patienceMs }, async (login, path) => {
    const page = await open(login, path);
    for (const { viewport, colorScheme } of isFull ? [desktop, phone] : [phone]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
    }
  });
});
