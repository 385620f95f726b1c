/** The usual sessions of a commune's day, one press each. */
import { useSay } from '../../text/use-say.ts';
import styles from './when-fields.module.css';

/** Morning, noon and afternoon sessions as most communes hold them. */
const usualTimes = ['05:15', '11:00', '17:00', '17:30'] as const;

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
