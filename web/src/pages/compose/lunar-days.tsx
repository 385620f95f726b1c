/** Which days of the lunar calendar a notice is aired on, and how many days ahead of them. */
import { NativeSelect } from '@mantine/core';
import { type Draft, lunarKinds } from '../../model/draft.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './when-fields.module.css';

const months = Array.from({ length: 12 }, (_, index) => index + 1);
const days = Array.from({ length: 30 }, (_, index) => index + 1);
const aheads = [0, 1, 2, 3, 5, 7, 15] as const;

export function LunarDays(props: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  return (
    <div className={styles.fields}>
      <NativeSelect
        label={say('when.lunar-days')}
        value={draft.lunarKind}
        onChange={(event) => {
          const lunarKind = lunarKinds.find((kind) => kind === event.currentTarget.value);
          if (lunarKind !== undefined) onChange({ lunarKind });
        }}
        data={lunarKinds.map((kind) => ({ value: kind, label: say(`when.lunar.${kind}`) }))}
        size="lg"
      />
      {draft.lunarKind === 'yearly' && (
        <>
          <NumberSelect
            label={say('when.lunar-day')}
            value={draft.lunarDay}
            of={days}
            onChange={(lunarDay) => onChange({ lunarDay })}
          />
          <NumberSelect
            label={say('when.lunar-month')}
            value={draft.lunarMonth}
            of={months}
            onChange={(lunarMonth) => onChange({ lunarMonth })}
          />
        </>
      )}
      <NativeSelect
        label={say('when.days-before')}
        value={String(draft.daysBefore)}
        onChange={(event) => onChange({ daysBefore: Number(event.currentTarget.value) })}
        data={aheads.map((count) => ({
          value: String(count),
          label: count === 0 ? say('when.days-before-none') : say('when.days-before-count', { count }),
        }))}
        size="lg"
      />
    </div>
  );
}

function NumberSelect(props: {
  label: string;
  value: number;
  of: readonly number[];
  onChange: (value: number) => void;
}) {
  return (
    <NativeSelect
      label={props.label}
      value={String(props.value)}
      onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      data={props.of.map(String)}
      size="lg"
    />
  );
}
