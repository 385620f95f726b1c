/** A civil date, chosen from a calendar that shows the lunar days too. */
import { DatePickerInput, DatesProvider } from '@mantine/dates';
import '@mantine/dates/styles.css';
import 'dayjs/locale/vi';
import { IconCalendar } from '@tabler/icons-react';
import { lunarDateWords } from '../model/civil-time.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import { DayCell } from './day-cell.tsx';

/** ISO dates. */
export function DateField(props: { label: string; value: string; onChange: (date: string) => void; min?: string }) {
  const language = useLanguage();
  const say = useSay();
  return (
    <DatesProvider settings={{ locale: language, firstDayOfWeek: 1 }}>
      <DatePickerInput
        label={props.label}
        description={props.value === '' ? undefined : lunarDateWords(Temporal.PlainDate.from(props.value), say)}
        value={props.value === '' ? null : props.value}
        onChange={(date) => date !== null && props.onChange(date)}
        {...(props.min === undefined ? {} : { minDate: props.min })}
        renderDay={(date) => <DayCell date={date} />}
        valueFormat={language === 'vi' ? 'dddd, DD/MM/YYYY' : 'dddd, D MMM YYYY'}
        leftSection={<IconCalendar size={22} aria-hidden />}
        popoverProps={{ width: 'auto' }}
        size="lg"
      />
    </DatesProvider>
  );
}
