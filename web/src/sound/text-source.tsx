/**
 * A text that will be spoken. While it is written the server says how it will be read; a text pasted in an old font is
 * put right on the spot, and said so.
 */
import type { ClipView, TextCheck } from '@loa/protocol/panel';
import { textMax } from '@loa/protocol/panel';
import { Button, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconVolume } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call, type Failure } from '../api/call.ts';
import { failureOf, failureWords } from '../api/failure-words.ts';
import { keys, useTextCheck } from '../api/queries.ts';
import { Notice } from '../kit/notice.tsx';
import { titleFrom } from '../model/draft.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import styles from './sound.module.css';

/** Quiet at the keyboard before the text is checked. */
const checkAfterMs = 500;
/** Readings shown; the whole text as it is spoken stands below them. */
const readingsMax = 12;

export function TextSource(props: {
  text: string;
  isSpoken: boolean;
  wasSpoken: boolean;
  onText: (text: string) => void;
  onTitle: (title: string) => void;
  onSpoken: (clip: ClipView, text: string) => void;
}) {
  const say = useSay();
  const language = useLanguage();
  const requests = useQueryClient();
  const [settled] = useDebouncedValue(props.text, checkAfterMs);
  const check = useTextCheck(settled);
  /** What was converted, and to which text: said for as long as that text stands there. */
  const [oldFont, setOldFont] = useState<{ charset: 'tcvn3' | 'vni'; text: string }>();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const { onText, onTitle, text } = props;
  const isChecked = check.data !== undefined && !check.isPlaceholderData && settled === text;
  const converted = isChecked && check.data.converted ? check.data : undefined;
  useEffect(() => {
    if (converted === undefined || converted.charset === 'unicode') return;
    setOldFont({ charset: converted.charset, text: converted.text });
    onText(converted.text);
    onTitle(titleFrom(converted.text));
  }, [converted, onText, onTitle]);
  const speakText = async () => {
    setBusy(true);
    setFailure(undefined);
    const title = titleFrom(text);
    const result = await call('makeSpeech', { body: { text, title } });
    setBusy(false);
    if (!result.ok) return setFailure(result.failure);
    requests.setQueryData<ClipView[]>(keys.clips, (clips) => withClip(clips, result.value));
    props.onSpoken(result.value, text);
    onTitle(titleFrom(text));
  };
  return (
    <div className={styles.text}>
      <Textarea
        label={say('sound.text-label')}
        placeholder={say('sound.text-placeholder')}
        value={text}
        onChange={(event) => {
          const written = event.currentTarget.value;
          onText(written);
          onTitle(titleFrom(written));
        }}
        autosize
        minRows={5}
        maxRows={14}
        maxLength={textMax}
        spellCheck={false}
        size="lg"
      />
      {oldFont?.text === text && (
        <Notice tone="good" live>
          {say(oldFont.charset === 'tcvn3' ? 'sound.was-tcvn3' : 'sound.was-vni')}
        </Notice>
      )}
      {check.error !== null && settled.trim() !== '' && (
        <Notice tone="attention" live>
          {failureWords(failureOf(check.error), say, language)}
        </Notice>
      )}
      {check.data !== undefined && settled.trim() !== '' && <Readings check={check.data} />}
      {failure !== undefined && (
        <Notice tone="attention" live>
          {failureWords(failure, say, language)}
        </Notice>
      )}
      {props.wasSpoken && !props.isSpoken && text.trim() !== '' && <Notice tone="quiet">{say('sound.changed')}</Notice>}
      {!props.isSpoken && (
        <Button
          size="lg"
          variant="light"
          leftSection={<IconVolume size={24} aria-hidden />}
          loading={isBusy}
          disabled={text.trim() === ''}
          onClick={speakText}
          className={styles.speak}
        >
          {say(props.wasSpoken ? 'sound.speak-again' : 'sound.speak')}
        </Button>
      )}
    </div>
  );
}

function Readings(props: { check: TextCheck }) {
  const say = useSay();
  const { readings, spoken } = props.check;
  if (readings.length === 0) return null;
  const shown = uniqueReadings(readings).slice(0, readingsMax);
  return (
    <div className={styles.readings}>
      <p>{say('sound.readings')}</p>
      <dl>
        {shown.map((reading) => (
          <div key={reading.written}>
            <dt>{reading.written}</dt>
            <dd>{reading.spoken}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>{say('sound.spoken')}</summary>
        <p>{spoken}</p>
      </details>
    </div>
  );
}

function uniqueReadings(readings: TextCheck['readings']): TextCheck['readings'] {
  return [...new Map(readings.map((reading) => [reading.written, reading])).values()];
}

/** The list with a clip in front, each once. */
export function withClip(clips: ClipView[] | undefined, clip: ClipView): ClipView[] {
  return [clip, ...(clips ?? []).filter((one) => one.id !== clip.id)];
}
