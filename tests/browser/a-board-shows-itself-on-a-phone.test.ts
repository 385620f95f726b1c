/**
 * The board's own page on a phone under the pole: read at its width in both languages, enrolled by typing or by a link
 * that the camera read, with and without scripts, and without accessibility faults.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { machineRandom } from '@loa/device-agent/edges/random.ts';
import { openLocalPage } from '@loa/device-agent/fronts/local-page/local-page.ts';
import type { PoleState } from '@loa/device-agent/pole-state.ts';
import { createArrival } from '@loa/device-agent/work/arrival/arrival.ts';
import type { Invitation } from '@loa/device-agent/work/arrival/enrol-note.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPole, noonMs, poleStateOf } from '../device-agent/local/pole-states.ts';
import { type OpenBrowser, openBrowser } from '../harness/browser.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const phone = { width: 360, height: 740 };
/** Where the pictures go for a person to look at; nowhere unless asked. */
const pictures = process.env.LOA_PICTURES;
let opened: OpenBrowser;

beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened.close());

async function openBoard(running?: PoleState['running']) {
  const log = () => undefined;
  const tried: Invitation[] = [];
  const arrival = createArrival({ clock: machineClock, random: machineRandom, onEnrolled: log, log });
  if (running !== undefined) arrival.known();
  void arrival.receive(async (invitation) => {
    tried.push(invitation);
    return { ok: false, reason: 'Mã này đã dùng rồi.', isFinal: true };
  });
  const state = (): PoleState => ({ ...newPole(arrival.state()), running });
  const parts = { clock: machineClock, random: machineRandom, state, arrival, knownServer: undefined, log };
  const page = openLocalPage({ ...parts, address: '127.0.0.1', port: 0 });
  await expect.poll(() => page.port()).toBeDefined();
  return { url: `http://127.0.0.1:${page.port()}`, tried, stop: page.stop };
}

async function openPhone(options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await opened.browser.newContext({ viewport: phone, bypassCSP: false, ...options });
  return context.newPage();
}

async function looksWell(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  const widthPx = await page.evaluate('document.documentElement.scrollWidth');
  expect(widthPx).toBeLessThanOrEqual(phone.width);
  // The page itself runs no foreign script: axe is brought in from outside its policy.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: await readFile(axePath, 'utf8') });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  expect(JSON.parse(String(result.value))).toEqual([]);
}

test('a board that is well, and one with faults, can be read on a phone', async () => {
  const page = await openPhone();
  const well = await openBoard(poleStateOf({}).running);
  await page.goto(well.url);
  expect(await page.getByRole('status').innerText()).toMatch(/Tốt\s+All well/);
  await page.locator('summary').click();
  await looksWell(page, 'board-well');
  await well.stop();

  const faults = (['output-missing', 'storage-damaged'] as const).map((code) => ({
    code,
    sinceMs: noonMs - 86_400_000,
  }));
  const bad = await openBoard(
    poleStateOf({ faults, isLinked: false, lastContactMs: noonMs - 9e6, next: undefined }).running,
  );
  await page.goto(bad.url);
  await looksWell(page, 'board-faulty');
  await bad.stop();
});

test('a code is typed, refused by the server in its own words, and the page says so', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const board = await openBoard();
    const page = await openPhone({ javaScriptEnabled });
    await page.goto(board.url);
    if (javaScriptEnabled) await looksWell(page, 'board-new');
    await page.getByLabel('Mã đăng ký').fill('7KQ2M');
    await page.getByLabel('Địa chỉ máy chủ').fill('loa.example');
    await page.getByRole('button').click();
    expect(await page.getByRole('alert').innerText()).toContain('mười chữ và số');
    if (javaScriptEnabled) await looksWell(page, 'board-slip');
    await page.getByLabel('Mã đăng ký').fill('7kq2m-x4t9d');
    await page.getByRole('button').click();
    await page.getByText('Mã này đã dùng rồi').waitFor();
    expect(board.tried).toEqual([{ serverUrl: 'https://loa.example', claimCode: '7KQ2MX4T9D' }]);
    await page.context().close();
    await board.stop();
  }
});

test('the link that a camera read fills in the form, leaves the address line, and a person sends it', async () => {
  const board = await openBoard();
  const page = await openPhone();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${board.url}/enrol#code=7KQ2M-X4T9D&server=https%3A%2F%2Floa.example`);
  expect(await page.getByLabel('Mã đăng ký').inputValue()).toBe('7KQ2M-X4T9D');
  expect(page.url()).toBe(`${board.url}/enrol`);
  expect(board.tried).toEqual([]);
  await page.getByRole('button').click();
  await page.getByText('Mã này đã dùng rồi').waitFor();
  expect(board.tried).toHaveLength(1);
  for (const url of asked) expect(url.startsWith(board.url)).toBe(true);
  await page.context().close();
  await board.stop();
});
