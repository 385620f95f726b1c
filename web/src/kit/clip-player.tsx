/** Hears a sound: one big button, where it is, how long it is. Only one player of the page sounds at a time. */
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { positionWords } from '../model/civil-time.ts';
import { useSay } from '../text/use-say.ts';
import styles from './clip-player.module.css';

let soundingPlayer: HTMLAudioElement | undefined;

/** `durationMs` is what the server measured; without it the browser's own reading is shown. */
export function ClipPlayer(props: {
  url: string;
  title: string;
  durationMs?: number;
  compact?: boolean;
  failedWords?: string;
}) {
  const say = useSay();
  const audio = useRef<HTMLAudioElement>(null);
  const [isSounding, setSounding] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [positionMs, setPosition] = useState(0);
  const [readMs, setRead] = useState(0);
  const durationMs = props.durationMs ?? readMs;
  useEffect(() => {
    const element = audio.current;
    return () => element?.pause();
  }, []);
  const toggle = () => {
    const element = audio.current;
    if (element === null) return;
    if (isSounding) return element.pause();
    if (soundingPlayer !== element) soundingPlayer?.pause();
    soundingPlayer = element;
    setFailed(false);
    element.play().catch(() => setFailed(true));
  };
  return (
    <div className={styles.player} data-compact={props.compact}>
      {/* biome-ignore lint/a11y/useMediaCaption: the text a clip was spoken from stands beside it */}
      <audio
        ref={audio}
        src={props.url}
        preload="none"
        onPlay={() => setSounding(true)}
        onPause={() => setSounding(false)}
        onEnded={() => {
          setSounding(false);
          setPosition(0);
        }}
        onError={() => setFailed(true)}
        onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime * 1_000)}
        onLoadedMetadata={(event) => {
          const seconds = event.currentTarget.duration;
          if (Number.isFinite(seconds)) setRead(seconds * 1_000);
        }}
      />
      <button
        type="button"
        className={styles.button}
        onClick={toggle}
        aria-label={say(isSounding ? 'clip.pause' : 'clip.hear', { title: props.title })}
      >
        {isSounding ? <IconPlayerPauseFilled aria-hidden /> : <IconPlayerPlayFilled aria-hidden />}
      </button>
      <div className={styles.rest}>
        {!props.compact && <span className={styles.title}>{props.title}</span>}
        {hasFailed ? (
          <span className={styles.failed} role="status">
            {props.failedWords ?? say('clip.failed')}
          </span>
        ) : (
          <span className={styles.line}>
            <input
              type="range"
              min={0}
              max={Math.max(1, Math.round(durationMs))}
              value={Math.min(Math.round(positionMs), Math.max(1, Math.round(durationMs)))}
              step={100}
              aria-label={say('clip.position')}
              aria-valuetext={positionWords(positionMs)}
              onChange={(event) => {
                const toMs = Number(event.currentTarget.value);
                setPosition(toMs);
                if (audio.current !== null) audio.current.currentTime = toMs / 1_000;
              }}
            />
            {durationMs > 0 && (
              <span className={styles.time}>
                {positionWords(positionMs)} / {positionWords(durationMs)}
              </span>
            )}
          </span>
        )}
      </div>
    </div>
  );
}
