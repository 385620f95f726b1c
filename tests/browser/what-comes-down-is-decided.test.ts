/**
 * What comes down from above is decided by people, in the built panel: a commune takes a bulletin or does not, the
 * department sends one down and recalls it, a clash is settled with its consequence in sight, a notice asks for a
 * session, and a spreadsheet goes in only when nothing in it is wrong.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { timetableBytesMax } from '@loa/protocol/panel';
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
/** One for each person, so that the panel is fetched once for all tests. */
const contexts = new Map<string, BrowserContext>();
let page: Page;
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
  await page.close();
});

async function open(login: string, path: string): Promise<void> {
  const context = contexts.get(login) ?? (await signIn(login));
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(server.url + path);
}

async function signIn(login: string): Promise<BrowserContext> {
  const context = await chromium.browser.newContext({
    viewport: desktop.viewport,
    colorScheme: desktop.colorScheme,
    locale: 'en-US',
    timezoneId: 'America/New_York',
  });
  contexts.set(login, context);
  await context.request.post(`${server.url}/api/session`, { data: { login, password: 'any' } });
  return context;
}

describe('no page has a serious accessibility fault, or is wider than its screen', () => {
  it.each([
    ['/inbox', 'Thêm vào lịch'],
    ['/compose', 'Chọn từng cụm loa'],
    ['/import', ''],
  ])('%s', { timeout: patienceMs }, async (path, opened) => {
    await open('canbo', path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    if (opened !== '') await page.getByRole('button', { name: opened }).first().click();
    await page.evaluate(axe);
    for (const { viewport, colorScheme } of isFull ? [desktop, phone] : [phone]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const faults = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`,
      );
      expect(faults).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
    }
  });
});

describe('an officer', () => {
  it('is told that something waits, takes one into a session and declines the other', {
    timeout: patienceMs,
  }, async () => {
    await open('canbo', '/today');
    await page.getByRole('link', { name: /^2 bản tin cấp trên chờ quyết định/ }).click();
    await page.getByRole('heading', { name: 'Bản tin cấp trên', level: 1 }).waitFor();
    await page
      .getByText('Nguyễn Thị Hồng chọn không phát, 17:02 thứ Tư 25/11. Lý do: Phường không trồng lúa')
      .waitFor();
    await page.getByText('Cấp trên đã thu hồi 05:02 thứ Tư 25/11').waitFor();

    const tax = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /kê khai thuế/ }) });
    await tax.getByRole('button', { name: /^Nghe:/ }).click();
    await tax.getByRole('button', { name: 'Thêm vào lịch' }).click();
    await tax.getByRole('radio', { name: 'Buổi trưa' }).check();
    await tax.getByText('Xem trước 7 ngày').waitFor();
    await tax.getByText('Phát trong buổi trưa thứ Bảy 28/11 (20/10 ÂL), tại 4 cụm loa.').waitFor();
    await tax.getByRole('button', { name: 'Thêm vào lịch' }).click();
    await tax.getByText(/^Nguyễn Thị Hồng đã thêm vào lịch, 17:0/).waitFor();
    const made = server.world.bulletins.find((bulletin) => bulletin.originId === 'b-tren-thue');
    expect(made).toMatchObject({ slot: 'noon', areaIds: ['ham-thang'], isFromAbove: true });
    expect(made?.whens).toEqual([{ kind: 'once', date: '2026-11-28', time: '11:00' }]);

    const measles = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /vắc xin sởi/ }) });
    await measles.getByRole('button', { name: 'Không phát' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Không phát' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Đã phát nội dung này rồi' }).click();
    await dialog.getByRole('button', { name: 'Không phát' }).click();
    await measles.getByText(/chọn không phát, 17:0.*Lý do: Đã phát nội dung này rồi/).waitFor();
    await page.getByRole('link', { name: 'Hôm nay' }).first().click();
    await page.getByRole('heading', { name: 'Hôm nay', level: 1 }).waitFor();
    await expect.poll(() => page.getByText('chờ quyết định').count()).toBe(0);
  });

  it('settles a clash, having seen what that changes', { timeout: patienceMs }, async () => {
    await open('canbo', '/today');
    const card = page.getByRole('region', { name: /^Trùng giờ/ });
    await card.getByText('Nếu không ai chọn, “Bản tin chiều và tiếp âm Đài tỉnh” phát trước.').waitFor();
    await card.getByRole('button', { name: 'Phát trước: Cắt nước để sửa đường ống chính' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('chuyển từ 17:00 sang 17:13 thứ Bảy 28/11').waitFor();
    await dialog.getByRole('button', { name: 'Quyết định' }).click();
    await card.getByText(/“Cắt nước để sửa đường ống chính” phát trước. Nguyễn Thị Hồng quyết định, 17:0/).waitFor();
    expect(await card.getByRole('button', { name: /^Phát trước/ }).count()).toBe(0);
    await card.getByRole('button', { name: 'Đổi quyết định' }).click();
    await card.getByRole('button', { name: 'Phát trước: Cắt nước để sửa đường ống chính' }).waitFor();
  });

  it('asks for a session, another language and one cluster, or writes a rule', { timeout: patienceMs }, async () => {
    await open('canbo', '/compose');
    await page.getByRole('radio', { name: 'Bản đã có' }).check();
    await page.getByRole('radio', { name: /Lịch thu gom rác/ }).check();
    await page.getByRole('button', { name: 'Thêm bản ghi tiếng dân tộc' }).click();
    await page.getByRole('button', { name: 'Thêm tiếng Chăm' }).click();
    const cham = { name: 'rac-cham.mp3', mimeType: 'audio/mpeg', buffer: Buffer.alloc(2_000) };
    await page.locator('input[type=file]').setInputFiles(cham);
    await page.getByRole('button', { name: 'Bỏ bản tiếng Chăm' }).waitFor();
    await page.getByRole('button', { name: 'Chọn từng cụm loa' }).click();
    await page.getByRole('checkbox', { name: 'Chợ Kim Ngọc' }).check();
    await page.getByRole('radio', { name: 'Nâng cao' }).check();
    await page.getByLabel('Quy tắc lặp').fill('DTSTART:20261201T051500');
    await page.getByText('Quy tắc lặp này thiếu dòng RRULE.').first().waitFor();
    await page.getByLabel('Quy tắc lặp').fill('DTSTART:20261201T051500\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH');
    await page.getByText('Các lần tới: 05:15 thứ Năm 3/12; 05:15 thứ Hai 7/12; 05:15 thứ Năm 10/12.').waitFor();
    await page.getByRole('radio', { name: 'Hằng ngày' }).check();
    await page.getByRole('radio', { name: 'Buổi sáng' }).check();
    await page.getByText('Phát trong buổi sáng hằng ngày, tại 1 cụm loa.').waitFor();
    await page.getByRole('button', { name: 'Đưa vào lịch phát' }).click();
    await page.getByText('Đã nhận.').waitFor();
    expect(server.world.bulletins[0]).toMatchObject({
      clusterIds: ['c-cho-kim-ngoc'],
      areaIds: [],
      slot: 'morning',
      versions: [{ language: 'cjm' }],
    });
  });

  it('brings in a spreadsheet only when nothing in it is wrong', { timeout: patienceMs }, async () => {
    await open('canbo', '/bulletins');
    await page.getByRole('link', { name: 'Nhập từ bảng tính' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải bảng mẫu' }).click();
    const csv = await readFile(await (await saved).path(), 'utf8');
    const choose = (text: string | Buffer) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'lich.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await choose(Buffer.alloc(timetableBytesMax + 1));
    await page.getByText('Tệp lớn hơn 2 MB.').waitFor();
    await choose('%PDF-1.4');
    await page.getByText('Tệp này không phải bảng tính.').waitFor();
    await choose(csv.replace('05:15; 17:00', 'sớm'));
    await page.getByText('Dòng 2, cột “Giờ”:').waitFor();
    await page.getByText('“sớm” không phải giờ. Xin ghi như 05:15.').waitFor();
    expect(await page.getByRole('button', { name: 'Xem trước' }).count()).toBe(0);
    await choose(csv.replace('Đề nghị bà con quét dọn', 'Hôm nay bà con quét dọn'));
    await page.getByText('Đã hiểu 3 dòng').waitFor();
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Các dòng này nói “hôm nay” mà phát nhiều lần: 3.').waitFor();
    const keep = page.getByRole('button', { name: 'Đưa vào lịch' });
    expect(await keep.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Vẫn đưa vào lịch như vậy' }).check();
    expect(await keep.isEnabled()).toBe(true);
    await choose(csv);
    await page.getByText('Đã hiểu 3 dòng').waitFor();
    const count = server.world.bulletins.length;
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Trong 24 giờ tới, 4 cụm loa phát khác đi:').waitFor();
    expect(server.world.bulletins.length).toBe(count);
    await keep.click();
    await page.getByText('Đã đưa 3 bản tin vào lịch.').waitFor();
    expect(server.world.bulletins.length).toBe(count + 3);
  });
});

describe('the department', () => {
  it('is told that communes choose, sends one down, and recalls it', { timeout: patienceMs }, async () => {
    await open('tinh', '/compose');
    await page.getByText('Bản tin thông thường không tự phát.').waitFor();
    await page.getByRole('radio', { name: 'Bản đã có' }).check();
    await page.getByRole('radio', { name: /Lịch thu gom rác/ }).check();
    await page.getByRole('checkbox', { name: 'Xã Hồng Sơn' }).check();
    await page.getByRole('radio', { name: 'Phát ngay' }).check();
    await page.getByText('Bản tin thông thường không phát ngay được').waitFor();
    await page.getByRole('radio', { name: /^Ưu tiên/ }).check();
    await page.getByText('vào thẳng chương trình của các xã, không cần xã đồng ý').waitFor();
    await page.getByRole('radio', { name: /^Thông thường/ }).check();
    await page.getByRole('radio', { name: 'Hằng ngày' }).check();
    await page.getByText('Đề nghị các xã phát lúc 17:30 hằng ngày, tại 4 cụm loa.').waitFor();
    await page.getByRole('button', { name: 'Gửi xuống các xã' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Gửi xuống các xã' }).click();
    await page.getByText('Đã gửi xuống. Các xã sẽ chọn giờ phát.').waitFor();
    const sent = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: 'Lịch thu gom rác cồng kềnh cuối tuần' }) })
      .filter({ hasText: 'Đã gửi xuống, các xã chọn giờ phát' });
    await sent.getByRole('button', { name: 'Thu hồi' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await sent.waitFor({ state: 'detached' });
    expect(server.world.bulletins[0]).toMatchObject({ isOffered: true, withdrawnMs: expect.any(Number) });
  });
});
