/**
 * Makes the sound of a notice ready: spoken from a text, from a file, or one made before; and lets it be heard. What
 * it holds belongs to the page that shows it. A clip is only offered once the server has prepared it.
 */
import type { ClipView } from '@loa/protocol/panel';
import { IconFileMusic, IconHistory, IconPencil } from '@tabler/icons-react';
import { useClips } from '../api/queries.ts';
import { Choice } from '../kit/choice.tsx';
import { ClipPlayer } from '../kit/clip-player.tsx';
import { spanWords } from '../model/civil-time.ts';
import type { Source } from '../model/draft.ts';
import { useSay } from '../text/use-say.ts';
import { FileSource } from './file-source.tsx';
import { KeptSource } from './kept-source.tsx';
import styles from './sound.module.css';
import { TextSource } from './text-source.tsx';

/** What a page keeps of the sound being made. */
export interface SoundDraft {
  source: Source;
  text: string;
  spokenText?: string | undefined;
  clipId?: string | undefined;
}

/** The chosen clip, once the server has told of it. */
export function useClip(clipId: string | undefined): ClipView | undefined {
  return useClips(clipId !== undefined).data?.find((clip) => clip.id === clipId);
}

/** `onTitle` is handed a fitting title; the page decides whether it has a better one. */
export function SoundMaker(props: {
  draft: SoundDraft;
  onChange: (change: Partial<SoundDraft>) => void;
  onTitle: (title: string) => void;
  tone?: 'alarm';
}) {
  const say = useSay();
  const { draft, onChange } = props;
  const clip = useClip(draft.clipId);
  const isCurrent = draft.clipId !== undefined && (draft.source !== 'text' || draft.spokenText === draft.text);
  return (
    <div className={styles.maker}>
      <Choice
        label={say('sound.source')}
        value={draft.source}
        onChange={(source) => onChange({ source, clipId: undefined, spokenText: undefined })}
        options={[
          { value: 'text', words: say('sound.text'), icon: <IconPencil size={22} aria-hidden /> },
          { value: 'file', words: say('sound.file'), icon: <IconFileMusic size={22} aria-hidden /> },
          { value: 'kept', words: say('sound.kept'), icon: <IconHistory size={22} aria-hidden /> },
        ]}
      />
      {draft.source === 'text' && (
        <TextSource
          text={draft.text}
          isSpoken={isCurrent}
          wasSpoken={draft.clipId !== undefined}
          onText={(text) => onChange({ text })}
          onTitle={props.onTitle}
          onSpoken={(made, text) => onChange({ clipId: made.id, spokenText: text, text })}
        />
      )}
      {draft.source === 'file' && (
        <FileSource
          hasClip={draft.clipId !== undefined}
          onReady={(made) => {
            onChange({ clipId: made.id });
            props.onTitle(made.title);
          }}
        />
      )}
      {draft.source === 'kept' && (
        <KeptSource
          chosenId={draft.clipId}
          onChoose={(kept) => {
            onChange({ clipId: kept.id });
            props.onTitle(kept.title);
          }}
        />
      )}
      {clip !== undefined && isCurrent && (
        <div role="status" className={styles.ready}>
          <ClipPlayer url={clip.previewUrl} title={clip.title} durationMs={clip.durationMs} />
          <p>{say('sound.ready', { span: spanWords(clip.durationMs, say) })}</p>
        </div>
      )}
    </div>
  );
}
