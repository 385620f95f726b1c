/** Asks why, in words of one's own or in some that are usual: whoever reads it will want to know. */
import { TextInput } from '@mantine/core';
import { useSay } from '../text/use-say.ts';
import styles from './reason-field.module.css';

export function ReasonField(props: {
  label: string;
  example: string;
  value: string;
  /** Offered below, to be taken with one press. */
  usual: readonly string[];
  onChange: (value: string) => void;
}) {
  const say = useSay();
  return (
    <>
      <TextInput
        label={props.label}
        placeholder={props.example}
        value={props.value}
        maxLength={200}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        size="lg"
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would put a second frame into the dialog */}
      <div className={styles.chips} role="group" aria-label={say('inbox.usual-reasons')}>
        {props.usual.map((words) => (
          <button key={words} type="button" aria-pressed={props.value === words} onClick={() => props.onChange(words)}>
            {words}
          </button>
        ))}
      </div>
    </>
  );
}
