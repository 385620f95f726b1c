/** A time of day in 24 hours, typed; never as this computer's language would write it. */
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconClock } from '@tabler/icons-react';
import { useSay } from '../text/use-say.ts';

/** `isEnd`: midnight is meant as the end of the day, `24:00`. The value is empty while it is not whole. */
export function TimeField(props: { label: string; value: string; onChange: (time: string) => void; isEnd?: boolean }) {
  const say = useSay();
  const { label, value, isEnd } = props;
  return (
    <TimePicker
      label={label}
      {...(value === '24:00' ? { description: say('law.until-midnight') } : {})}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value === '24:00' ? '00:00' : value}
      onChange={(time) => {
        const typed = time.slice(0, 5);
        props.onChange(isEnd && typed === '00:00' ? '24:00' : typed);
      }}
      format="24h"
      withDropdown={false}
      leftSection={<IconClock size={22} aria-hidden />}
      hoursInputLabel={say('law.hour-of', { label })}
      minutesInputLabel={say('law.minute-of', { label })}
      size="lg"
    />
  );
}
