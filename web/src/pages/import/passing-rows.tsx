/** Asks about rows that say "hôm nay" and are said on many days; they are kept only once a person has said so. */
import { CheckLine } from '../../kit/check-line.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useSay } from '../../text/use-say.ts';

export function PassingRows(props: {
  passing: { rows: readonly number[]; words: readonly string[] };
  isAgreed: boolean;
  onAgree: (isAgreed: boolean) => void;
}) {
  const say = useSay();
  const { rows, words } = props.passing;
  return (
    <Notice tone="attention" live>
      <p>{say('import.passing', { words: words.map((each) => `“${each}”`).join(', '), rows: rows.join(', ') })}</p>
      <CheckLine words={say('import.passing-agree')} isChecked={props.isAgreed} onChange={props.onAgree} />
    </Notice>
  );
}
