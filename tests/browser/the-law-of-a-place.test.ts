/**
 * The law of a place in a real Chromium, against the mock town: hours are set by a document, what would sound differently
 * is seen before anything is kept, the standing day is put in order by keyboard on a phone, and nobody who may only look
 * is offered a change. No part of the page has a serious accessibility fault or is wider than its screen.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type OpenBrowser, openBrowser } from '../harness/browser.ts';
import { refusedDocument } from './mock/law-answers.ts';
import { type MockServer, startMock } from './mock/server.ts';

const webDir = fileURLToPath(new URL('../../web/dist', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A machine of two cores that does other things beside. */
const timeout = 60_000;
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
  chromium = await openBrowser();
}, timeout);

afterAll(async () => {
  await chromium?.close();
}, timeout);

beforeEach(async () => {
  server = await startMock({ webDir, startMs: Date.parse('2026-11-27T17:02:20+07:00') });
});

afterEach(async () => {
  await context?.close();
  context = undefined;
  await server.close();
});

async function open(
  login: string,
  path: string,
  look: { on?: typeof desktop | typeof phone; language?: 'vi' | 'en' } = {},
): Promise<Page> {
  const { on = desktop, language = 'vi' } = look;
  context = await chromium.browser.newContext({ ...on, timezoneId: 'America/New_York' });
  await context.addInitScript(`localStorage.setItem('loa.language', '${language}')`);
  await context.request.post(`${server.url}/api/session`, { data: { login, password: 'any' } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(server.url + path);
  return page;
}

/** Types `hh:mm` over what stands in a time field. */
async function typeTime(within: Page | Locator, field: string, time: string): Promise<void> {
  const [hours = '', minutes = ''] = time.split(':');
  await within.getByLabel(`${field}, giờ`).first().focus();
  await within.getByLabel(`${field}, giờ`).first().pressSequentially(hours);
  await within.getByLabel(`${field}, phút`).first().focus();
  await within.getByLabel(`${field}, phút`).first().pressSequentially(minutes);
}

async function expectSound(page: Page): Promise<void> {
  await page.evaluate(axe);
  const faults = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ')).join(', ')))`,
  );
  expect(faults).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
}

it('an officer sets hours by a document and sees what falls silent before it is kept', { timeout }, async () => {
  const page = await open('canbo', '/hours');
  await page.getByText('Theo văn bản 12/QĐ-UBND. Quy định riêng ở đây.').waitFor();
  await page.getByRole('button', { name: 'Sửa', exact: true }).click();
  await typeTime(page, 'Từ', '05:30');
  await page.getByLabel('Số văn bản').fill('');
  await page.getByText('Còn thiếu: số văn bản.').waitFor();
  expect(await page.getByRole('button', { name: 'Xem trước và lưu' }).isDisabled()).toBe(true);

  await page.getByLabel('Số văn bản').fill(refusedDocument);
  await page.getByRole('button', { name: 'Xem trước và lưu' }).click();
  await page.getByRole('dialog').getByText('Số văn bản này không đúng.').waitFor();
  expect(await page.getByRole('dialog').getByRole('button', { name: 'Lưu' }).isDisabled()).toBe(true);
  await page.getByRole('dialog').getByRole('button', { name: 'Quay lại' }).click();

  await page.getByLabel('Số văn bản').fill('34/QĐ-UBND');
  await page.getByRole('button', { name: 'Xem trước và lưu' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('Trong 24 giờ tới, 4 cụm loa phát khác đi:').waitFor();
  await sheet.getByText('không còn "Bản tin sáng của phường" lúc 05:15 thứ Bảy 28/11').first().waitFor();
  await expectSound(page);
  await sheet.getByRole('button', { name: 'Lưu' }).click();
  await page.getByText('Đã lưu. Lịch mới đang được gửi xuống loa.').waitFor();
  await page.getByText('Theo văn bản 34/QĐ-UBND. Quy định riêng ở đây.').waitFor();
  await page.getByText('05:30–06:00, 11:00–11:30, 16:30–18:00 hằng ngày').waitFor();
});

it('hours that a village asks for and does not get are told, and what changes nothing says so', {
  timeout,
}, async () => {
  const page = await open('canbo', '/hours?area=ht-thon-da-dung');
  await page.getByText('Thôn Đá Dựng đặt thêm 04:30–05:00 hằng ngày, nhưng không được phát').waitFor();
  await page.getByRole('radio', { name: 'Hạn mức' }).click();
  await page.getByRole('button', { name: 'Sửa', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Quy định riêng ở đây' }).first().check();
  await page.getByLabel('Số văn bản').fill('03/QĐ');
  await page.getByRole('button', { name: 'Xem trước và lưu' }).click();
  await page.getByRole('dialog').getByText('Không có gì thay đổi.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await page.getByText('nhiều nhất 3 buổi').waitFor();
});

it('the standing day is put in order by keyboard, on a phone, in English', { timeout }, async () => {
  const page = await open('canbo', '/hours?part=sessions', { on: phone, language: 'en' });
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Edit: Buổi sáng' }).click();
  const down = page.getByRole('button', { name: 'Move down: Nhạc hiệu' });
  await down.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText('Nhạc hiệu: number 3 of 4').waitFor({ state: 'attached' });
  expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Move down: Nhạc hiệu');
  await page.getByRole('button', { name: 'Closing tune', exact: true }).click();
  await page.getByText('Buổi sáng, Closing tune: no sound yet.').waitFor();
  await page.getByRole('radio', { name: /^Nhạc hiệu Hàm Thắng/ }).check();
  await expectSound(page);
  await page.getByRole('button', { name: 'Preview and save' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('"Nhạc hiệu" moves from 05:00 to 05:45 Saturday 28/11').first().waitFor();
  await sheet.getByText('"Closing tune" is added').first().waitFor();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. The new plan is on its way').waitFor();
  expect(await page.getByRole('main').getByRole('listitem').allTextContents()).toEqual([
    'Relay: Đài tỉnh, 15 min, at 05:30 sharp',
    'Notices from above',
    'Nhạc hiệu',
    'The commune’s own notices',
    'Closing tune',
  ]);
});

it('the department ends an exception early, and an auditor is offered no change', { timeout }, async () => {
  const page = await open('tinh', '/hours?area=ham-thang&part=silence');
  await page.getByText('Từ 21:00 thứ Bảy 28/11 đến 22:30 thứ Bảy 28/11: Phòng chống bão số 14').waitFor();
  await page.getByRole('button', { name: 'Kết thúc sớm: Phòng chống bão số 14' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
  await page.getByText('Hiện không cho phép ngoài giờ ở đâu.').waitFor();
  await context?.request.post(`${server.url}/api/session`, { data: { login: 'kiemtra', password: 'any' } });
  await page.goto(`${server.url}/hours?area=ham-thang`);
  await page.getByText('Tài khoản này chỉ xem, không sửa.').waitFor();
  expect(await page.getByRole('button', { name: 'Sửa', exact: true }).count()).toBe(0);
});

it('a notice shows what air time it takes, and a cluster says why it sounds or not', { timeout }, async () => {
  const page = await open('canbo', `/compose?clip=${server.world.clips[0]?.id}&title=x`);
  await page.getByRole('checkbox', { name: 'Phường Hàm Thắng' }).check();
  await page.getByText('Buổi sáng: 18 / 45 phút').waitFor();
  await page.getByText('Buổi chiều ngày thứ Bảy 28/11 phát 52 phút, quá mức 45 phút.').waitFor();
  await page.goto(`${server.url}/clusters/c-thang-loi`);
  await typeTime(page, 'Lúc', '05:20');
  await page.getByRole('button', { name: 'Xem lý do' }).click();
  await page.getByText('05:15 “Bản tin sáng của phường”').waitFor();
  await page.getByText('Tiếp theo: 11:00 “Hướng dẫn phòng chống sốt xuất huyết”. Phát đúng giờ.').waitFor();
});

it('no part of the page has a serious accessibility fault, or is wider than a phone', { timeout }, async () => {
  const page = await open('tinh', '/hours?area=ham-thang', { on: phone });
  for (const part of ['Hạn mức', 'Thứ tiếng, âm lượng', 'Ngày nghỉ, ngoài giờ', 'Nhóm loa']) {
    await page.getByRole('radio', { name: part }).click();
    if (part === 'Nhóm loa') await page.getByRole('button', { name: 'Thêm nhóm loa' }).click();
    if (part === 'Ngày nghỉ, ngoài giờ') await page.getByRole('button', { name: 'Cho phép phát ngoài giờ' }).click();
    if (part === 'Thứ tiếng, âm lượng') await page.getByRole('button', { name: 'Sửa', exact: true }).nth(1).click();
    await expectSound(page);
  }
});
