/** "Vì sao phát / không phát?": what was foretold for an instant at a cluster, what it reported, what came before and after. */
import type { ExplanationView, PreviewLineView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useExplanation } from '../../api/queries.ts';
import { DateField } from '../../kit/date-field.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { TimeField } from '../../kit/time-field.tsx';
import { civilDateOf, clockWords, instantWords } from '../../model/civil-time.ts';
import { reportWords } from '../../model/explain-words.ts';
import { forecastWords } from '../../model/forecast-words.ts';
import { instantOf } from '../../model/law/silence-drafts.ts';
import type { TextKey } from '../../text/say.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './why-sheet.module.css';

export function WhySheet(props: { clusterId: string; nowMs: number }) {
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const { clusterId, nowMs } = props;
  /** Now, until a person has chosen otherwise. */
  const [chosenDate, setDate] = useState<string>();
  const [chosenTime, setTime] = useState<string>();
  const date = chosenDate ?? civilDateOf(nowMs, timeZone).toString();
  const time = chosenTime ?? clockWords(nowMs, timeZone);
  const [asked, setAsked] = useState<{ cluster: string; at: string }>();
  const answer = useExplanation(asked);
  const isNow = chosenDate === undefined && chosenTime === undefined;
  const look = () => {
    const at = isNow ? new Date(nowMs).toISOString() : instantOf(date, time, timeZone).toString();
    setAsked({ cluster: clusterId, at });
  };
  return (
    <Sheet title={say('why.title')}>
      <div className={styles.why}>
        <p className={styles.quiet}>{say('why.line')}</p>
        <DateField label={say('why.date')} value={date} onChange={setDate} />
        <TimeField label={say('why.time')} value={time} onChange={setTime} />
        <Button
          size="lg"
          variant="light"
          leftSection={<IconHelpCircle size={22} aria-hidden />}
          disabled={time === ''}
          onClick={look}
        >
          {say('why.look')}
        </Button>
        {answer.isLoading && <Waiting words={say('frame.waiting')} lines={2} />}
        {answer.error !== null && (
          <Notice tone="attention" live>
            {failureWords(failureOf(answer.error), say, language)}
          </Notice>
        )}
        {answer.data !== undefined && <Explanation told={answer.data} nowMs={nowMs} />}
      </div>
    </Sheet>
  );
}

function Explanation(props: { told: ExplanationView; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { told, nowMs } = props;
  const timeOf = (at: string) => instantWords(Date.parse(at), { nowMs, timeZone, say });
  const beside = (key: TextKey, line: PreviewLineView | undefined) =>
    line !== undefined && (
      <p>
        {say(key, {
          time: timeOf(line.startAt ?? line.at),
          title: line.title,
          words: forecastWords(line, { timeZone, say }),
        })}
      </p>
    );
  return (
    <div className={styles.told} role="status">
      {told.lawChangedAt !== undefined && (
        <Notice tone="quiet">{say('explain.law-changed', { time: timeOf(told.lawChangedAt) })}</Notice>
      )}
      {told.concerned.length === 0 && <p>{say('explain.nothing-planned', { time: timeOf(told.at) })}</p>}
      <ul>
        {told.concerned.map((each) => (
          <li key={`${each.line.at} ${each.line.title}`} data-otherwise={each.verdict === 'otherwise'}>
            <strong>
              {timeOf(each.line.at)} “{each.line.title}”
            </strong>
            <p>{forecastWords(each.line, { timeZone, say })}</p>
            <p className={styles.quiet}>
              {each.verdict === 'not-told'
                ? reportWords(each, say)
                : say('why.reported', { words: reportWords(each, say) })}
            </p>
          </li>
        ))}
      </ul>
      {beside('why.previous', told.previous)}
      {beside('why.next', told.next)}
    </div>
  );
}
