/** Asks about words that are true on one day only, in a notice that will be said on many. */
import { Notice } from '../../kit/notice.tsx';
import { type Draft, whensOf } from '../../model/draft.ts';
import { namesManyDays, passingWordsIn } from '../../model/passing-words.ts';
import { useClip } from '../../sound/sound-maker.tsx';
import { useSay } from '../../text/use-say.ts';

export function PassingNotice(props: { draft: Draft }) {
  const say = useSay();
  const { draft } = props;
  const clip = useClip(draft.clipId);
  if (!namesManyDays(whensOf(draft))) return null;
  const text = draft.source === 'text' ? draft.text : (clip?.text ?? draft.title);
  const words = passingWordsIn(text);
  if (words.length === 0) return null;
  return (
    <Notice tone="attention" live>
      {say('compose.passing', { words: words.map((each) => `“${each}”`).join(', ') })}
    </Notice>
  );
}
