/** Three small bars that move while something sounds; still for those who asked for less motion. Says nothing aloud. */
import styles from './sound-bars.module.css';

export function SoundBars(props: { large?: boolean }) {
  return (
    <span className={styles.bars} data-large={props.large} aria-hidden>
      <i />
      <i />
      <i />
    </span>
  );
}
