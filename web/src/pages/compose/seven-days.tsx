/** "Xem trước 7 ngày": what the notice will do on every cluster before it is sent, line by line with its reason. */
import type { PreviewLineView, PreviewRequest } from '@loa/protocol/panel';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { usePreview } from '../../api/queries.ts';
import { ChangedLines } from '../../kit/changed-lines.tsx';
import { Notice } from '../../kit/notice.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { civilDateOf, instantWords } from '../../model/civil-time.ts';
import { type Draft, isClipCurrent, previewRequestOf } from '../../model/draft.ts';
import { forecastWords } from '../../model/forecast-words.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { AirUse } from './air-use.tsx';
import styles from './seven-days.module.css';

/** Lines shown of a group, and clusters named of it; the rest is counted. */
const linesMax = 10;
const namedMax = 4;

export function SevenDays(props: { draft: Draft; nowMs: number }) {
  const request = isClipCurrent(props.draft) ? previewRequestOf(props.draft) : undefined;
  return <SevenDaysOf request={request} nowMs={props.nowMs} />;
}

/** The same of whatever can be asked; nothing while there is nothing to ask. `isBare`: inside a box that names it. */
export function SevenDaysOf(props: { request: PreviewRequest | undefined; nowMs: number; isBare?: boolean }) {
  const { request } = props;
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const today = civilDateOf(props.nowMs, timeZone);
  const clusters = usePicture('clusters');
  const preview = usePreview(request);
  if (request === undefined) return null;
  const answer = preview.data;
  const isEmpty = answer?.groups.every(({ lines }) => lines.length === 0) ?? false;
  return (
    <section className={styles.preview} data-bare={props.isBare} aria-live="polite">
      {!props.isBare && <h2>{say('preview.title')}</h2>}
      {preview.error !== null && (
        <Notice tone="attention">{failureWords(failureOf(preview.error), say, language)}</Notice>
      )}
      {answer === undefined && preview.error === null && <p>{say('preview.waiting')}</p>}
      {isEmpty && <p>{say('preview.none')}</p>}
      {answer !== undefined &&
        !isEmpty &&
        answer.groups.map((group) => {
          const names = group.clusterIds.slice(0, namedMax).map((id) => clusters.get(id)?.name ?? id);
          const rest = group.clusterIds.length - names.length;
          const own = group.lines.filter((line) => line.isNew);
          const others = group.lines.filter((line) => !line.isNew);
          return (
            <div key={group.clusterIds.join()} className={styles.group}>
              <h3>
                {say('preview.group', {
                  count: group.clusterIds.length,
                  names: names.join(', ') + (rest > 0 ? say('reach.more', { count: rest }) : ''),
                })}
              </h3>
              <Lines lines={own} leftOutCount={group.leftOutCount} nowMs={props.nowMs} />
              {others.length > 0 && (
                <>
                  <h3>{say('preview.others')}</h3>
                  <Lines lines={others} leftOutCount={0} nowMs={props.nowMs} />
                </>
              )}
              {group.airUse !== undefined && <AirUse days={group.airUse} today={today} />}
            </div>
          );
        })}
      {answer?.changed !== undefined && answer.changed.clusterCount > 0 && (
        <>
          <h3>{say('preview.beside')}</h3>
          <ChangedLines changed={answer.changed} />
        </>
      )}
      {answer?.clockChanges?.map(({ code, civil, at }) => (
        <Notice key={`${code} ${at}`} tone="attention">
          {say(`preview.clock-${code}`, { civil: civil.slice(0, 16).replace('T', ' ') })}
        </Notice>
      ))}
      {answer !== undefined && answer.groupsLeftOutCount > 0 && (
        <p>{say('preview.groups-more', { count: answer.groupsLeftOutCount })}</p>
      )}
    </section>
  );
}

function Lines(props: { lines: readonly PreviewLineView[]; leftOutCount: number; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { lines, nowMs } = props;
  const restCount = Math.max(0, lines.length - linesMax) + props.leftOutCount;
  return (
    <ul className={styles.lines}>
      {lines.slice(0, linesMax).map((line) => {
        const isGood = line.verdict === 'plays';
        const Icon = isGood ? IconCircleCheck : IconAlertTriangle;
        const time = instantWords(Date.parse(line.at), { nowMs, timeZone, say });
        const words = forecastWords(line, { timeZone, say });
        return (
          <li key={`${line.at} ${line.title}`} data-good={isGood}>
            <Icon size={20} aria-hidden />
            <span>
              {line.isNew
                ? say('preview.line', { time, words })
                : say('preview.other-line', { time, words, title: line.title })}
            </span>
          </li>
        );
      })}
      {restCount > 0 && <li>{say('preview.more', { count: restCount })}</li>}
    </ul>
  );
}
