/** A day of the calendar with its lunar date under it, as on a Vietnamese wall calendar. */
import { lunarDateOf } from '@loa/schedules';
import styles from './day-cell.module.css';

/** `date` is an ISO date. The first of a lunar month names its month. */
export function DayCell(props: { date: string }) {
  const lunar = lunarDateOf(props.date.slice(0, 10));
  const words = lunar === undefined ? '' : lunar.day === 1 ? `1/${lunar.month}` : String(lunar.day);
  return (
    <span className={styles.day} data-marked={lunar?.day === 1 || lunar?.day === 15}>
      {Number(props.date.slice(8, 10))}
      <small>{words}</small>
    </span>
  );
}
