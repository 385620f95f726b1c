/** Real or drill: two large halves that cannot be mistaken for each other, by words, pattern and colour. */
import { IconSpeakerphone, IconUrgent } from '@tabler/icons-react';
import { useSay } from '../../text/use-say.ts';
import styles from './emergency-page.module.css';

export function DrillSwitch(props: { isDrill: boolean; onChange: (isDrill: boolean) => void }) {
  const say = useSay();
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">{say('drill.legend')}</legend>
      <label data-kind="real" data-chosen={!props.isDrill}>
        <input type="radio" name="drill" checked={!props.isDrill} onChange={() => props.onChange(false)} />
        <IconUrgent size={28} aria-hidden />
        <span>
          <strong>{say('drill.real')}</strong>
          <span>{say('drill.real-line')}</span>
        </span>
      </label>
      <label data-kind="drill" data-chosen={props.isDrill}>
        <input type="radio" name="drill" checked={props.isDrill} onChange={() => props.onChange(true)} />
        <IconSpeakerphone size={28} aria-hidden />
        <span>
          <strong>{say('drill.mark')}</strong>
          <span>{say('drill.line')}</span>
        </span>
      </label>
    </fieldset>
  );
}
