/** When figures are worth their bytes: all at first, then what moved, every five minutes; at once what switched. */
import { createReadingsNews } from '@loa/device-agent/fronts/link/readings-news.ts';
import { type Readings, readingsSchema } from '@loa/protocol/device';
import { expect, test } from 'vitest';

const readings: Readings = { temperatureC: 50, mainsPresent: true, memoryFreeBytes: 200e6, dataUsedBytes: 0 };

test('all of them with the first heartbeat of a connection, and not again while nothing moves', () => {
  const news = createReadingsNews();
  expect(news.take(readings, 0)).toEqual(readings);
  for (let ms = 5_000; ms < 3_600_000; ms += 5_000)
    expect(news.take({ ...readings, temperatureC: 50 + (ms % 3) * 0.5 }, ms)).toBeUndefined();
});

test('what moved by its step, at most every five minutes', () => {
  const news = createReadingsNews();
  news.take(readings, 0);
  const hotter = { ...readings, temperatureC: 53 };
  expect(news.take(hotter, 299_000)).toBeUndefined();
  expect(news.take(hotter, 300_000)).toEqual(hotter);
  expect(news.take({ ...hotter, temperatureC: 50 }, 599_999)).toBeUndefined();
});

test('what appears or is not known any more counts as moved', () => {
  const news = createReadingsNews();
  news.take(readings, 0);
  const { temperatureC: _, ...without } = readings;
  expect(news.take(without, 300_000)).toEqual(without);
  expect(news.take(readings, 600_000)).toEqual(readings);
});

test('mains, door and throttling are told at once', () => {
  const news = createReadingsNews();
  news.take(readings, 0);
  expect(news.isWorth(readings, 1_000)).toBe(false);
  const dark = { ...readings, mainsPresent: false };
  expect(news.isWorth(dark, 1_000)).toBe(true);
  expect(news.take(dark, 1_000)).toEqual(dark);
  expect(news.isWorth(dark, 1_001)).toBe(false);
});

test('an amplifier that was switched off is told at once, not with what moves', () => {
  const news = createReadingsNews();
  news.take({ ...readings, amplifierOn: true }, 0);
  expect(news.isWorth({ ...readings, amplifierOn: false }, 2_000)).toBe(true);
});

test('a board without sensors says nothing, and all figures together stay below 700 bytes', () => {
  expect(createReadingsNews().take({}, 0)).toBeUndefined();
  const full = Object.fromEntries(Object.keys(readingsSchema.shape).map((name) => [name, 123_456_789]));
  expect(JSON.stringify(full).length).toBeLessThan(700);
});
