/** Step three: one of seven patterns; the day, the session or time, how often in a row; and what the permitted hours say. */
import { NativeSelect } from '@mantine/core';
import { DatePickerInput, DatesProvider, TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import 'dayjs/locale/vi';
import { IconCalendar, IconClock } from '@tabler/icons-react';
import { useMe } from '../../api/me.tsx';
import { Choice, Choices } from '../../kit/choice.tsx';
import { DayCell } from '../../kit/day-cell.tsx';
import { lunarDateWords, shortWeekdayWords, weekdayNumbers, weekdayWords } from '../../model/civil-time.ts';
import { type Draft, slotOf } from '../../model/draft.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { FirstDates } from './first-dates.tsx';
import { HoursNotice } from './hours-notice.tsx';
import { LunarDays } from './lunar-days.tsx';
import { MonthDays } from './month-days.tsx';
import { PassingNotice } from './passing-notice.tsx';
import { RuleField } from './rule-field.tsx';
import { SettledWhens } from './settled-whens.tsx';
import { SlotChoice } from './slot-choice.tsx';
import { TimeChips } from './time-chips.tsx';
import styles from './when-fields.module.css';

const repeatCounts = [1, 2, 3, 4, 5] as const;

export function WhenFields(props: {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  today: Temporal.PlainDate;
  nowMs: number;
  /** Without the pattern for those who know recurrence rules. */
  isPlain?: boolean;
}) {
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const { draft, onChange, today } = props;
  const hasDays = draft.whenKind !== 'now' && draft.whenKind !== 'rule';
  const isRepeated = hasDays && draft.whenKind !== 'once';
  return (
    <DatesProvider settings={{ locale: language, firstDayOfWeek: 1 }}>
      <Choice
        label={say('compose.step-3')}
        value={draft.whenKind}
        onChange={(whenKind) => onChange({ whenKind })}
        options={[
          { value: 'now', words: say('when.kind-now') },
          { value: 'once', words: say('when.kind-once') },
          { value: 'daily', words: say('when.kind-daily') },
          { value: 'weekly', words: say('when.kind-weekly') },
          { value: 'monthly', words: say('when.kind-monthly') },
          { value: 'lunar', words: say('when.kind-lunar') },
          ...(props.isPlain ? [] : [{ value: 'rule' as const, words: say('when.kind-rule') }]),
        ]}
      />
      {draft.whenKind === 'monthly' && <MonthDays draft={draft} onChange={onChange} />}
      {draft.whenKind === 'lunar' && <LunarDays draft={draft} onChange={onChange} />}
      {draft.whenKind === 'weekly' && (
        <Choices
          label={say('when.weekdays')}
          values={draft.weekdays}
          onChange={(weekdays) => onChange({ weekdays })}
          options={weekdayNumbers.map((value) => ({
            value,
            words: shortWeekdayWords(value, say),
            full: weekdayWords(value, say),
          }))}
        />
      )}
      {draft.whenKind === 'rule' && (
        <RuleField draft={draft} onChange={onChange} nowMs={props.nowMs} timeZone={timeZone} />
      )}
      <SlotChoice draft={draft} onChange={onChange} />
      {hasDays && (
        <div className={styles.fields}>
          {slotOf(draft) === undefined && (
            <div className={styles.time}>
              <TimePicker
                label={say('when.time')}
                value={draft.time}
                onChange={(time) => onChange({ time: time.slice(0, 5) })}
                format="24h"
                withDropdown={false}
                leftSection={<IconClock size={22} aria-hidden />}
                hoursInputLabel={say('when.hours')}
                minutesInputLabel={say('when.minutes')}
                size="lg"
              />
              <TimeChips chosen={draft.time} onChoose={(time) => onChange({ time })} />
            </div>
          )}
          <DatePickerInput
            label={say(isRepeated ? 'when.from-date' : 'when.date')}
            value={draft.date}
            onChange={(date) => date !== null && onChange({ date })}
            minDate={today.toString()}
            description={lunarDateWords(Temporal.PlainDate.from(draft.date), say)}
            renderDay={(date) => <DayCell date={date} />}
            valueFormat={language === 'vi' ? 'dddd, DD/MM/YYYY' : 'dddd, D MMM YYYY'}
            leftSection={<IconCalendar size={22} aria-hidden />}
            popoverProps={{ width: 'auto' }}
            size="lg"
          />
          {isRepeated && (
            <DatePickerInput
              label={say('when.until-date')}
              placeholder={say('when.until-open')}
              value={draft.until ?? null}
              onChange={(until) => onChange({ until: until ?? undefined })}
              minDate={draft.date}
              renderDay={(date) => <DayCell date={date} />}
              valueFormat={language === 'vi' ? 'dddd, DD/MM/YYYY' : 'dddd, D MMM YYYY'}
              leftSection={<IconCalendar size={22} aria-hidden />}
              clearable
              clearButtonProps={{ 'aria-label': say('when.until-clear') }}
              size="lg"
            />
          )}
        </div>
      )}
      {isRepeated && <FirstDates draft={draft} today={today} nowMs={props.nowMs} timeZone={timeZone} />}
      <SettledWhens draft={draft} onChange={onChange} today={today} />
      <NativeSelect
        label={say('when.repeat')}
        value={String(draft.repeatCount)}
        onChange={(event) => onChange({ repeatCount: Number(event.currentTarget.value) })}
        data={repeatCounts.map((count) => ({ value: String(count), label: say('when.repeat-count', { count }) }))}
        size="lg"
        className={styles.repeat ?? ''}
      />
      <PassingNotice draft={draft} />
      <HoursNotice draft={draft} nowMs={props.nowMs} timeZone={timeZone} />
    </DatesProvider>
  );
}
