/** The law of one place: permitted hours, limits, the standing day, its sound, days of rest, groups. */
import type { LawView } from '@loa/protocol/panel';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useLaw } from '../../api/queries.ts';
import { Choice } from '../../kit/choice.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive, usePicture } from '../../live/use-live.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { AmplifierSheet } from './amplifier-sheet.tsx';
import { ApprovalSheet } from './approval-sheet.tsx';
import { AreaChoice } from './area-choice.tsx';
import { ClusterSoundsSheet } from './cluster-sounds-sheet.tsx';
import { ExceptionsSheet } from './exceptions-sheet.tsx';
import { GroupsSheet } from './groups-sheet.tsx';
import { HolidaysSheet } from './holidays-sheet.tsx';
import styles from './hours-page.module.css';
import { LanguagesSheet } from './languages-sheet.tsx';
import { LimitsSheet } from './limits-sheet.tsx';
import { MergerSheet } from './merger-sheet.tsx';
import { MoveSheet } from './move-sheet.tsx';
import { PermittedHoursSheet } from './permitted-hours-sheet.tsx';
import { RestDaysSheet } from './rest-days-sheet.tsx';
import { StandingDaySheet } from './standing-day-sheet.tsx';
import { VolumeSheet } from './volume-sheet.tsx';

const parts = ['hours', 'limits', 'sessions', 'sound', 'silence', 'groups'] as const;
type Part = (typeof parts)[number];

export function HoursPage() {
  const say = useSay();
  const { person } = useMe();
  const [query, setQuery] = useSearchParams();
  const isDrawn = useLive((state) => state.isDrawn);
  const areas = usePicture('areas');
  const asked = query.get('area');
  const areaId = asked !== null && areas.has(asked) ? asked : person.areaId;
  const part = parts.find((one) => one === query.get('part')) ?? 'hours';
  const go = (change: { area?: string; part?: Part }) => setQuery({ area: areaId, part, ...change }, { replace: true });
  return (
    <>
      <PageHeader title={say('nav.hours')} line={say('law.line')} />
      {!isDrawn ? (
        <Waiting words={say('frame.waiting')} lines={4} />
      ) : (
        <div className={styles.page}>
          <AreaChoice areaId={areaId} onChange={(area) => go({ area })} />
          <Choice
            label={say('law.part')}
            value={part}
            onChange={(value) => go({ part: value })}
            options={parts.map((value) => ({ value, words: say(`law.part-${value}`) }))}
          />
          <Law key={`${areaId} ${part}`} areaId={areaId} part={part} />
        </div>
      )}
    </>
  );
}

function Law(props: { areaId: string; part: Part }) {
  const say = useSay();
  const language = useLanguage();
  const { data: law, error } = useLaw(props.areaId);
  if (law === undefined) {
    return error === null ? (
      <Waiting words={say('frame.waiting')} lines={4} />
    ) : (
      <Notice tone="attention" live>
        {failureWords(failureOf(error), say, language)}
      </Notice>
    );
  }
  return (
    <>
      {!law.mayChange && <Notice tone="quiet">{say('law.read-only')}</Notice>}
      {sheetsOf[props.part](law)}
    </>
  );
}

const sheetsOf: Record<Part, (law: LawView) => ReactNode> = {
  hours: (law) => (
    <>
      <PermittedHoursSheet law={law} />
      <ApprovalSheet areaId={law.areaId} />
    </>
  ),
  limits: (law) => <LimitsSheet law={law} />,
  sessions: (law) => <StandingDaySheet law={law} />,
  sound: (law) => (
    <>
      <LanguagesSheet law={law} />
      <VolumeSheet law={law} />
      <AmplifierSheet areaId={law.areaId} />
      <ClusterSoundsSheet law={law} />
    </>
  ),
  silence: (law) => (
    <>
      <RestDaysSheet law={law} />
      <HolidaysSheet law={law} />
      <ExceptionsSheet law={law} />
    </>
  ),
  groups: (law) => (
    <>
      <GroupsSheet law={law} />
      {law.mayGovern && <MoveSheet />}
      {law.mayGovern && <MergerSheet />}
    </>
  ),
};
