/** A timetable from a spreadsheet: what was understood of it and what has to be corrected, what it changes, then kept. */
import { timetableBytesMax } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconCalendarPlus, IconDownload, IconEye, IconFileSpreadsheet } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { failureWords } from '../../api/failure-words.ts';
import { useMay, useMe } from '../../api/me.tsx';
import { saveText } from '../../edges/save-text.ts';
import { ChangedLines } from '../../kit/changed-lines.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { civilDateOf } from '../../model/civil-time.ts';
import { passingRows } from '../../model/passing-words.ts';
import { timetableTemplate } from '../../model/timetable-template.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { Step } from '../compose/step.tsx';
import { EntryList } from './entry-list.tsx';
import styles from './import-page.module.css';
import { MistakeList } from './mistake-list.tsx';
import { PassingRows } from './passing-rows.tsx';
import { type ImportRefusal, useImport } from './use-import.ts';

const sizeMegabytes = timetableBytesMax / 1024 / 1024;

export function ImportPage() {
  const say = useSay();
  const maySchedule = useMay('schedule');
  const isDrawn = useLive((state) => state.isDrawn);
  return (
    <>
      <PageHeader
        title={say('import.title')}
        line={say('import.line')}
        back={{ to: '/bulletins', words: say('nav.bulletins') }}
      />
      {!maySchedule ? (
        <Notice tone="attention">{say('compose.no-right')}</Notice>
      ) : isDrawn ? (
        <ImportForm />
      ) : (
        <Waiting words={say('frame.waiting')} lines={3} />
      )}
    </>
  );
}

function ImportForm() {
  const say = useSay();
  const input = useRef<HTMLInputElement>(null);
  const { busy, refusal, reading, choose, preview, keep } = useImport();
  const read = reading?.read;
  const previewed = reading?.previewed;
  const mistakes = [...(read?.mistakes ?? []), ...(previewed?.mistakes ?? [])];
  const passing = passingRows(read?.entries ?? []);
  const [agreedId, setAgreedId] = useState<string>();
  const isAgreed = passing.rows.length === 0 || agreedId === reading?.requestId;
  const isWhole = read !== undefined && read.entries.length > 0 && mistakes.length === 0;
  return (
    <div className={styles.page}>
      <Step number={1} title={say('import.step-1')} isDone={read !== undefined}>
        <div className={styles.row}>
          <Button
            size="lg"
            variant={read === undefined ? 'filled' : 'default'}
            leftSection={<IconFileSpreadsheet size={24} aria-hidden />}
            loading={busy === 'reading'}
            disabled={busy !== undefined}
            onClick={() => input.current?.click()}
          >
            {say(read === undefined ? 'import.choose' : 'import.choose-other')}
          </Button>
          {reading !== undefined && <span className={styles.file}>{reading.fileName}</span>}
        </div>
        <input
          ref={input}
          type="file"
          accept=".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          hidden
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <p className={styles.hint}>{say('import.hint', { size: sizeMegabytes })}</p>
        {busy === 'reading' && <p role="status">{say('import.reading')}</p>}
        {refusal !== undefined && read === undefined && <Refusal refusal={refusal} />}
        <Template />
      </Step>
      {read !== undefined && (
        <Step number={2} title={say('import.step-2')} isDone={isWhole}>
          <MistakeList mistakes={mistakes} />
          {read.entries.length === 0 && mistakes.length === 0 && (
            <Notice tone="attention" live>
              {say('import.none')}
            </Notice>
          )}
          {read.entries.length > 0 && <EntryList entries={read.entries} />}
        </Step>
      )}
      {isWhole && (
        <Step number={3} title={say('import.step-3')} isDone={previewed !== undefined}>
          {busy === 'previewing' && <p role="status">{say('import.previewing')}</p>}
          {previewed !== undefined && (
            <section className={styles.changed} aria-live="polite">
              <h3>{say('import.preview-title')}</h3>
              <ChangedLines changed={previewed.changed} />
            </section>
          )}
          {passing.rows.length > 0 && (
            <PassingRows
              passing={passing}
              isAgreed={isAgreed}
              onAgree={(isChecked) => setAgreedId(isChecked ? reading?.requestId : undefined)}
            />
          )}
          {refusal !== undefined && <Refusal refusal={refusal} />}
          <div className={styles.row}>
            {previewed === undefined ? (
              <Button
                size="lg"
                leftSection={<IconEye size={24} aria-hidden />}
                loading={busy === 'previewing'}
                onClick={preview}
              >
                {say('import.preview')}
              </Button>
            ) : (
              <Button
                size="lg"
                leftSection={<IconCalendarPlus size={24} aria-hidden />}
                loading={busy === 'keeping'}
                disabled={!isAgreed}
                onClick={keep}
              >
                {say('import.keep')}
              </Button>
            )}
          </div>
        </Step>
      )}
    </div>
  );
}

function Refusal(props: { refusal: ImportRefusal }) {
  const say = useSay();
  const language = useLanguage();
  const { refusal } = props;
  const words =
    refusal === 'too-large'
      ? say('import.too-large', { size: sizeMegabytes })
      : refusal === 'empty'
        ? say('import.empty-file')
        : failureWords(refusal, say, language);
  return (
    <Notice tone="attention" live>
      {words}
    </Notice>
  );
}

/** The table to fill in, with an example of the person's own place in it. */
function Template() {
  const say = useSay();
  const { person, timeZone } = useMe();
  const nowMs = useNow(60_000);
  const place = usePicture('areas').get(person.areaId)?.name ?? '';
  const save = () =>
    saveText({
      name: 'mau-lich-phat.csv',
      mimeType: 'text/csv;charset=utf-8',
      text: timetableTemplate({ today: civilDateOf(nowMs, timeZone), place }),
    });
  return (
    <div className={styles.template}>
      <p>{say('import.template-line')}</p>
      <Button variant="default" leftSection={<IconDownload size={20} aria-hidden />} onClick={save}>
        {say('import.template')}
      </Button>
    </div>
  );
}
