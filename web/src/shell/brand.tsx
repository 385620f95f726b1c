/** The name of the product, with its mark: a horn and two waves. */
import styles from './brand.module.css';

export function Brand(props: { large?: boolean }) {
  return (
    <span className={styles.brand} data-large={props.large}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#f0b04a" />
        <path
          d="M7 13.2v5.6c0 .8.6 1.4 1.4 1.4h2.4l6.3 4.1c.9.6 2 0 2-1.1V8.8c0-1.1-1.1-1.7-2-1.1l-6.3 4.1H8.4c-.8 0-1.4.6-1.4 1.4Z"
          fill="#0b2a30"
        />
        <path
          d="M22 12.2a5.4 5.4 0 0 1 0 7.6M24.6 9.4a9.3 9.3 0 0 1 0 13.2"
          fill="none"
          stroke="#0b2a30"
          strokeWidth="2.1"
          strokeLinecap="round"
        />
      </svg>
      Loa
    </span>
  );
}
