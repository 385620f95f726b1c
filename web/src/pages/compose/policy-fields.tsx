/** What becomes of an airing that starts late or is interrupted: said in a line, changed by whoever opens it. */
import { NativeSelect } from '@mantine/core';
import { type Draft, lateChoices, resumeChoices } from '../../model/draft.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './policy-fields.module.css';

export function PolicyFields(props: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  return (
    <details className={styles.policies}>
      <summary>
        {say('policy.summary')} <span>{say(`policy.late-${draft.late}`)}</span>;{' '}
        <span>{say(`policy.resume-${draft.resume}`)}</span>
      </summary>
      <NativeSelect
        size="lg"
        label={say('policy.late')}
        value={draft.late}
        onChange={(event) => {
          const late = lateChoices.find((choice) => choice === event.currentTarget.value);
          if (late !== undefined) onChange({ late });
        }}
        data={lateChoices.map((value) => ({ value, label: say(`policy.late-${value}`) }))}
      />
      <NativeSelect
        size="lg"
        label={say('policy.resume')}
        value={draft.resume}
        onChange={(event) => {
          const resume = resumeChoices.find((choice) => choice === event.currentTarget.value);
          if (resume !== undefined) onChange({ resume });
        }}
        data={resumeChoices.map((value) => ({ value, label: say(`policy.resume-${value}`) }))}
      />
    </details>
  );
}
