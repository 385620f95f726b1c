/** Normal or priority, in the words of what that means for whoever sends it: a commune, or those above communes. */
import { Choice } from '../../kit/choice.tsx';
import type { Draft } from '../../model/draft.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './class-choice.module.css';

export function ClassChoice(props: {
  value: Draft['class'];
  isFromAbove: boolean;
  onChange: (value: Draft['class']) => void;
}) {
  const say = useSay();
  const of = props.isFromAbove ? 'above' : 'own';
  return (
    <div className={styles.class}>
      <p aria-hidden>{say('compose.class')}</p>
      <Choice
        label={say('compose.class')}
        value={props.value}
        onChange={props.onChange}
        options={[
          { value: 'normal', words: say('compose.class-normal'), line: say(`compose.class-normal-${of}`) },
          { value: 'priority', words: say('compose.class-priority'), line: say(`compose.class-priority-${of}`) },
        ]}
      />
    </div>
  );
}
