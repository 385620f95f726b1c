/** What has to be corrected in the spreadsheet, row by row. Nothing when nothing has to. */
import type { TimetableMistake } from '@loa/protocol/panel';
import { Notice } from '../../kit/notice.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './import-page.module.css';

export function MistakeList(props: { mistakes: readonly TimetableMistake[] }) {
  const say = useSay();
  const language = useLanguage();
  const { mistakes } = props;
  if (mistakes.length === 0) return null;
  return (
    <Notice tone="attention" live>
      <strong>{say('import.mistakes', { count: mistakes.length })}</strong>
      <p>{say('import.mistakes-line')}</p>
      <ul className={styles.mistakes}>
        {mistakes.map((mistake) => (
          <li key={`${mistake.row} ${mistake.column} ${mistake.vi}`}>
            <strong>
              {mistake.column === undefined
                ? say('import.mistake', { row: mistake.row })
                : say('import.mistake-column', { row: mistake.row, column: mistake.column })}
            </strong>{' '}
            {mistake[language]}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
