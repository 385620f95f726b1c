/** The text of an RFC 5545 rule, for those who know it: the next starts it names, or where it is not understood. */
import { Textarea } from '@mantine/core';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { usePreview } from '../../api/queries.ts';
import { Notice } from '../../kit/notice.tsx';
import { instantWords } from '../../model/civil-time.ts';
import { type Draft, isClipCurrent, previewRequestOf } from '../../model/draft.ts';
import { ruleReading } from '../../model/rule-reading.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';

/** RFC 5545 of every Monday and Thursday, to begin from. */
const example = 'DTSTART:20261201T051500\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH';

export function RuleField(props: {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  nowMs: number;
  timeZone: string;
}) {
  const say = useSay();
  const language = useLanguage();
  const { draft, nowMs, timeZone } = props;
  const reading = ruleReading(draft.ruleText, { nowMs, timeZone });
  const isFaulty = reading.kind === 'faulty';
  // The same question as the preview below asks, so that the server's own words stand where the rule is written.
  const preview = usePreview(isFaulty && isClipCurrent(draft) ? previewRequestOf(draft) : undefined);
  const refusal = preview.error === null ? undefined : failureWords(failureOf(preview.error), say, language);
  const where = isFaulty && reading.at !== '' ? say('rule.faulty', { at: reading.at }) : say('rule.faulty-somewhere');
  return (
    <>
      <Textarea
        label={say('rule.label')}
        description={say('rule.line')}
        placeholder={example}
        value={draft.ruleText}
        onChange={(event) => props.onChange({ ruleText: event.currentTarget.value })}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={8_000}
        spellCheck={false}
        size="lg"
      />
      {isFaulty && (
        <Notice tone="attention" live>
          {refusal ?? where}
        </Notice>
      )}
      {reading.kind === 'over' && (
        <Notice tone="attention" live>
          {say('rule.over')}
        </Notice>
      )}
      {reading.kind === 'starts' && (
        <p>
          {say('rule.next', { times: reading.atMs.map((at) => instantWords(at, { nowMs, timeZone, say })).join('; ') })}
        </p>
      )}
    </>
  );
}
