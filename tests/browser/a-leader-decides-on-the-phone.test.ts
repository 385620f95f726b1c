/**
 * Approval in the built panel: the rule is switched on with its meaning in sight, an officer's notice is submitted, a
 * leader on a phone hears, approves and returns, and the officer reads why and mends it.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type OpenBrowser, openBrowser } from '../harness/browser.ts';
import { type MockServer, startMock } from './mock/server.ts';

const webDir = fileURLToPath(new URL('../../web/dist', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A machine of two cores that does other things beside. */
const patienceMs = 60_000;
const desktop = { width: 1366, height: 768 };
const phone = { width: 360, height: 740 };

let chromium: OpenBrowser;
let server: MockServer;
const contexts = new Map<string, BrowserContext>();
let page: Page;

beforeAll(async () => {
  await readFile(`${webDir}/index.html`).catch(() => {
    throw new Error('The panel is not built: run `npm run build` first');
  });
  server = await startMock({ webDir, startMs: Date.parse('2026-11-27T17:02:20+07:00') });
  chromium = await openBrowser();
}, patienceMs);

afterAll(async () => {
  await chromium?.close();
  await server?.close();
}, patienceMs);

afterEach(async () => {
  await page.close();
});

async function open(login: string, path: string): Promise<void> {
  const context =
    contexts.get(login) ??
    (await chromium.browser.newContext({ viewport: login === 'lanhdao' ? phone : desktop, colorScheme: 'light' }));
  if (!contexts.has(login))
    await context.request.post(`${server.url}/api/session`, { data: { login, password: 'any' } });
  contexts.set(login, context);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(server.url + path);
}

function card(title: RegExp) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
}

function madeAs(id: string) {
  return server.world.bulletins.find((bulletin) => bulletin.id === id);
}

it('the page of a leader has no serious accessibility fault, and is no wider than its screen', {
  timeout: patienceMs,
}, async () => {
  await open('lanhdao', '/');
  await page.getByRole('heading', { name: 'Chờ duyệt (4)' }).waitFor();
  await card(/hiến máu/)
    .getByText('Xem trước 7 ngày')
    .click();
  await page.getByText('Phát đúng giờ.').waitFor();
  await page.evaluate(await readFile(axePath, 'utf8'));
  for (const [viewport, colorScheme] of [
    [phone, 'dark'],
    [desktop, 'light'],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const faults = await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`,
    );
    expect(faults).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  }
});

it('a leader on a phone hears, approves one, returns one with the reason, and is told why one cannot be', {
  timeout: patienceMs,
}, async () => {
  await open('lanhdao', '/');
  await page
    .getByRole('link', { name: /4 bản tin chờ duyệt/ })
    .last()
    .waitFor();
  const water = card(/Ngừng cấp nước đột xuất/);
  await water.getByRole('button', { name: /^Nghe:/ }).click();
  await water.getByText('khu phố Thắng Lợi ngừng cấp nước đến mười tám giờ').waitFor();
  await water.getByRole('button', { name: 'Duyệt phát' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Phát ngay bây giờ?').waitFor();
  expect(madeAs('b-duyet-nuoc')?.nowAtMs).toBeUndefined();
  await dialog.getByRole('button', { name: 'Duyệt phát' }).click();
  await page.getByText('Đã duyệt. Loa sẽ phát đúng như đã ghi.').waitFor();
  await page.getByText(/^Phan Văn Thành đã duyệt, 17:0/).waitFor();
  expect(madeAs('b-duyet-nuoc')?.nowAtMs).toBeDefined();
  // The word about it lies where the next button is.
  await page.getByRole('button', { name: 'Đóng' }).click();

  const old = card(/rác quý bốn/);
  await old.getByRole('button', { name: 'Duyệt phát' }).click();
  await old.getByText('Giờ phát đã qua. Xin trả lại để người soạn chọn giờ khác.').waitFor();

  await card(/hiến máu/)
    .getByRole('button', { name: 'Trả lại' })
    .click();
  expect(await dialog.getByRole('button', { name: 'Trả lại' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Lý do trả lại').fill('Thiếu giờ bắt đầu');
  await dialog.getByRole('button', { name: 'Trả lại' }).click();
  await page.getByRole('heading', { name: 'Chờ duyệt (2)' }).waitFor();
  expect(madeAs('b-duyet-mau')).toMatchObject({ standing: 'returned', decision: { reason: 'Thiếu giờ bắt đầu' } });
});

it('a leader turns the rule on with its meaning in sight; an officer only reads it', {
  timeout: patienceMs,
}, async () => {
  await open('lanhdao', '/hours');
  await page.getByRole('button', { name: 'Bật duyệt trước khi phát' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('bản tin cán bộ soạn chỉ phát khi lãnh đạo đã duyệt').waitFor();
  await dialog.getByRole('button', { name: 'Lưu' }).click();
  await page.getByText('Đang bật').waitFor();
  expect(server.world.approvals.get('ham-thang')).toBe(true);
  await page.close();
  await open('canbo', '/hours');
  await page.getByText('Đang bật').waitFor();
  expect(await page.getByRole('button', { name: /duyệt trước khi phát/ }).count()).toBe(0);
});

it('an officer reads why it was returned, mends it, and submits what plays at once without being asked', {
  timeout: patienceMs,
}, async () => {
  server.world.approvals.set('ham-thang', true);
  await open('canbo', '/bulletins');
  const meeting = card(/họp bàn đường nước/);
  await meeting.getByText(/Phan Văn Thành trả lại, .*Lý do: Thiếu tên thôn và giờ họp/).waitFor();
  await card(/rác quý bốn/)
    .getByText('Chờ duyệt')
    .waitFor();
  await meeting.getByRole('button', { name: 'Sửa và gửi lại' }).click();
  await page.getByLabel('Nội dung loa sẽ đọc').fill('Mời bà con thôn Đá Dựng họp lúc 8h00.');
  await page.getByRole('button', { name: 'Tạo lại giọng đọc' }).click();
  await page.getByText('Xin nghe lại trước khi phát').waitFor();
  await page.getByRole('radio', { name: 'Phát ngay' }).check();
  await page.getByText('Phát ngay khi được duyệt, tại 1 cụm loa. Loa chỉ phát khi lãnh đạo đã duyệt.').waitFor();
  await page.getByRole('button', { name: 'Gửi duyệt' }).click();
  await page.getByText('Đã gửi duyệt.').waitFor();
  await page.getByRole('heading', { name: 'Bản tin', level: 1 }).waitFor();
  expect(server.world.bulletins[0]).toMatchObject({
    title: 'Mời họp bàn đường nước thôn',
    areaIds: ['ht-thon-da-dung'],
    standing: 'submitted',
  });
  await meeting.filter({ hasText: 'Chờ duyệt' }).getByRole('button', { name: 'Rút lại' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rút lại' }).click();
  await page.getByText('Đã rút lại bản tin.').waitFor();
  expect(server.world.bulletins[0]?.withdrawnMs).toBeDefined();
});

it('what came down is submitted too, where the commune asks for it', { timeout: patienceMs }, async () => {
  server.world.approvals.set('ham-thang', true);
  await open('canbo', '/inbox');
  const tax = card(/kê khai thuế/);
  await tax.getByRole('button', { name: 'Thêm vào lịch' }).click();
  await tax.getByText('Loa chỉ phát khi lãnh đạo đã duyệt.').waitFor();
  await tax.getByRole('button', { name: 'Gửi duyệt' }).click();
  await page.getByText('Đã gửi duyệt.').waitFor();
  await tax.getByText('Chờ duyệt').waitFor();
  expect(server.world.bulletins[0]).toMatchObject({ originId: 'b-tren-thue', standing: 'submitted' });
});
