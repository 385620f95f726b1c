/** The usual sessions of a commune's day, one press each. */
import { usualTimes } from '../../model/draft.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './when-fields.module.css';

export function TimeChips(props: { chosen: string; onChoose: (time: string) => void }) {
  const say = useSay();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would put a second frame into the form
    <div className={styles.chips} role="group" aria-label={say('when.usual')}>
      {usualTimes.map((time) => (
        <button key={time} type="button" aria-pressed={props.chosen === time} onClick={() => props.onChoose(time)}>
          {time}
        </button>
      ))}
    </div>
  );
}
