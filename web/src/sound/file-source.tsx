/** A sound file: dropped or chosen, sent with its progress, prepared by the server or refused with a reason. */
import type { ClipView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconCloudUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { Failure } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { keys } from '../api/queries.ts';
import { uploadClip } from '../api/upload-clip.ts';
import { Notice } from '../kit/notice.tsx';
import { useLanguage, useSay } from '../text/use-say.ts';
import styles from './sound.module.css';
import { withClip } from './text-source.tsx';

/** As the server's door says; refusing here spares a long wait. */
const uploadBytesMax = 200_000_000;

export function FileSource(props: { hasClip: boolean; onReady: (clip: ClipView) => void }) {
  const say = useSay();
  const language = useLanguage();
  const requests = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const sending = useRef<AbortController | undefined>(undefined);
  const [isOver, setOver] = useState(false);
  const [fraction, setFraction] = useState<number>();
  const [refusal, setRefusal] = useState<Failure | 'too-large'>();
  useEffect(() => () => sending.current?.abort(), []);
  const send = async (file: File | undefined) => {
    if (file === undefined) return;
    setRefusal(undefined);
    if (file.size > uploadBytesMax) return setRefusal('too-large');
    const controller = new AbortController();
    sending.current = controller;
    setFraction(0);
    const title = file.name.replace(/\.[^.]+$/, '').slice(0, 200);
    const result = await uploadClip({ file, title, onProgress: setFraction, signal: controller.signal });
    setFraction(undefined);
    if (controller.signal.aborted) return;
    if (!result.ok) return setRefusal(result.failure);
    requests.setQueryData<ClipView[]>(keys.clips, (clips) => withClip(clips, result.value));
    props.onReady(result.value);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  if (fraction !== undefined) {
    const percent = Math.round(fraction * 100);
    return (
      <div className={styles.sending} role="status">
        <p>{fraction < 1 ? say('sound.sending', { percent }) : say('sound.preparing')}</p>
        <progress
          max={1}
          {...(fraction < 1 ? { value: fraction } : {})}
          aria-label={say('sound.sending', { percent })}
        />
        <Button variant="default" onClick={() => sending.current?.abort()}>
          {say('action.cancel')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.text}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first */}
      <div
        className={styles.drop}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconCloudUpload size={36} aria-hidden />
        <p>{say(props.hasClip ? 'sound.drop-another' : 'sound.drop')}</p>
        <Button size="lg" variant="light" onClick={() => input.current?.click()}>
          {say('sound.choose-file')}
        </Button>
        <input
          ref={input}
          type="file"
          accept="audio/*,.mp3,.wav,.m4a,.ogg,.opus,.wma,.amr,.aac,.flac,.mp4"
          hidden
          onChange={(event) => {
            void send(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <p className={styles.hint}>{say('sound.file-hint')}</p>
      </div>
      {refusal !== undefined && (
        <Notice tone="attention" live>
          {refusal === 'too-large' ? say('sound.too-large') : failureWords(refusal, say, language)}
        </Notice>
      )}
    </div>
  );
}
