/** One thing that is so or not so: a large check box with its words. */
import styles from './check-line.module.css';

export function CheckLine(props: { words: string; isChecked: boolean; onChange: (isChecked: boolean) => void }) {
  return (
    <label className={styles.line}>
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.words}</span>
    </label>
  );
}
