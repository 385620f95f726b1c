/** A line of a preview as a sentence. Pure. A code that this panel does not know is said as it is, never as "on time". */
import type { PreviewLineView } from '@loa/protocol/panel';
import { type ForecastCode, forecastCodes } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { clockWords, spanWords } from './civil-time.ts';

export function forecastWords(line: PreviewLineView, input: { timeZone: string; say: Say }): string {
  const { say, timeZone } = input;
  const code: ForecastCode | undefined = forecastCodes.find((known) => known === line.code);
  if (code === undefined) return line.code;
  return say(`forecast.${code}`, {
    other: line.otherTitle ?? '',
    span: spanWords(line.lateMs, say),
    time: line.endAt === undefined ? '' : clockWords(Date.parse(line.endAt), timeZone),
  });
}
