/** The fields of one part of a session: its sound, the station it takes over, or which bulletins stand there. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CheckLine } from '../../kit/check-line.tsx';
import { Choice } from '../../kit/choice.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { TimeField } from '../../kit/time-field.tsx';
import type { PartDraft } from '../../model/law/standing-day.ts';
import { type SoundDraft, SoundMaker, useClip } from '../../sound/sound-maker.tsx';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';
import { TextField } from './text-field.tsx';

export function PartFields(props: { part: PartDraft; onChange: (part: PartDraft) => void }) {
  const say = useSay();
  const { part, onChange } = props;
  if (part.kind === 'bulletins') {
    return (
      <Choice
        label={say('law.part.which')}
        value={part.from}
        onChange={(from) => onChange({ ...part, from })}
        options={(['above', 'own', 'all'] as const).map((value) => ({ value, words: say(`law.part.from-${value}`) }))}
      />
    );
  }
  const sound = (
    <PartSound
      label={say(part.kind === 'tune' ? 'law.part.clip' : 'law.part.fallback')}
      clipId={part.clipId}
      onChange={(clipId) => onChange({ ...part, clipId })}
    />
  );
  if (part.kind === 'tune') {
    return (
      <>
        <TextField
          label={say('law.part.title')}
          value={part.title}
          onChange={(title) => onChange({ ...part, title })}
        />
        {sound}
      </>
    );
  }
  return (
    <>
      <div className={styles.fields}>
        <TextField
          label={say('law.part.title')}
          example={say('law.part.relay-example')}
          value={part.title}
          onChange={(title) => onChange({ ...part, title })}
        />
        <TextField
          label={say('law.part.minutes')}
          value={part.minutes}
          isNumber
          onChange={(minutes) => onChange({ ...part, minutes })}
        />
      </div>
      <TextInput
        label={say('law.part.url')}
        type="url"
        value={part.url}
        maxLength={500}
        placeholder="https://"
        onChange={(event) => onChange({ ...part, url: event.currentTarget.value })}
        size="lg"
      />
      <CheckLine
        words={say('law.part.fixed')}
        isChecked={part.at !== undefined}
        onChange={(isFixed) => onChange({ ...part, at: isFixed ? '05:00' : undefined })}
      />
      {part.at !== undefined && (
        <TimeField label={say('law.part.at')} value={part.at} onChange={(at) => onChange({ ...part, at })} />
      )}
      {sound}
      <p className={styles.quiet}>{say('law.part.fallback-line')}</p>
    </>
  );
}

/** The chosen sound to be heard, or the place where one is made or chosen. */
function PartSound(props: {
  label: string;
  clipId: string | undefined;
  onChange: (clipId: string | undefined) => void;
}) {
  const say = useSay();
  const { clipId } = props;
  const [isChoosing, setChoosing] = useState(clipId === undefined);
  const [draft, setDraft] = useState<SoundDraft>({ source: 'kept', text: '', clipId });
  const clip = useClip(clipId);
  const change = (part: Partial<SoundDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    const isCurrent = next.source !== 'text' || next.spokenText === next.text;
    props.onChange(isCurrent ? next.clipId : undefined);
  };
  return (
    <div className={styles.form}>
      <p className={styles.label}>{props.label}</p>
      {isChoosing ? (
        <SoundMaker draft={draft} onChange={change} onTitle={() => {}} />
      ) : (
        <div className={styles.kept}>
          {clip === undefined ? (
            <p>{say(clipId === undefined ? 'law.part.clip-none' : 'law.part.clip-kept')}</p>
          ) : (
            <ClipPlayer url={clip.previewUrl} title={clip.title} durationMs={clip.durationMs} />
          )}
          <Button variant="default" onClick={() => setChoosing(true)}>
            {say('law.part.clip-other')}
          </Button>
        </div>
      )}
    </div>
  );
}
