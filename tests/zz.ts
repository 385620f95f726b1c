import { openBrowser } from './harness/browser.ts';

const [, , url = '', login = '', password = '', outDir = '/tmp/shots', size = '1366x768', ...paths] = process.argv;
const [w = 1366, h = 768] = size.split('x').map(Number);
const opened = await openBrowser();
const { browser } = opened;
const context = await browser.newContext({ viewport: { width: w, height: h }, locale: 'vi-VN' });
const page = await context.newPage();
page.on('console', (m) => {
  if (m.type() === 'error') console.log('console:', m.text());
});
await page.goto(url);
await page
  .getByLabel(/đăng nhập|Tên/i)
  .first()
  .fill(login);
await page.locator('input[type=password]').fill(password);
await page.keyboard.press('Enter');
await page.waitForTimeout(2500);
for (const path of paths) {
  const [at = '', ...acts] = path.split('|');
  await page.goto(url + at);
  await page.waitForTimeout(1500);
  for (const act of acts) {
    if (act.startsWith('click:')) await page.getByText(act.slice(6), { exact: false }).first().click();
    if (act.startsWith('button:'))
      await page
        .getByRole('button', { name: act.slice(7) })
        .first()
        .click();
    await page.waitForTimeout(1200);
  }
  await page.screenshot({ path: `${outDir}/${login}${size}${path.replace(/[^a-z0-9]+/gi, '_')}.png`, fullPage: true });
}
await opened.close();
