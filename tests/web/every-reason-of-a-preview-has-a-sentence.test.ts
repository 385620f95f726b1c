/** Every code of forecast, clash and clock change has its sentence in both languages, with the same values in it. */
import type { Clash, ClockChange, ForecastCode } from '@loa/schedules';
import { en } from '@loa/web/text/en/index.ts';
import type { TextKey } from '@loa/web/text/say.ts';
import { vi } from '@loa/web/text/vi/index.ts';
import { expect, test } from 'vitest';

type Code = ForecastCode | Clash['code'] | ClockChange['code'];

/** The compiler refuses a code without a sentence. */
const keyOf = (code: Code): TextKey => `forecast.${code}`;

const valuesOf = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('in both languages, with the same values', () => {
  expect(vi[keyOf('on-time')]).not.toBe('');
  const keys = Object.keys(vi).filter((key): key is TextKey => /^(forecast|change|explain)\./.test(key));
  expect(keys.length).toBeGreaterThan(30);
  for (const key of keys) expect(valuesOf(en[key]), key).toEqual(valuesOf(vi[key]));
});
