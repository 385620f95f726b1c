/**
 * The same notice recorded in other languages. Nobody has made a voice for them, so they are recordings: a file, or one
 * made before. Closed until it is wanted.
 */
import { Button } from '@mantine/core';
import { IconChevronRight, IconPlus, IconTrashX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { Choice } from '../kit/choice.tsx';
import { ClipPlayer } from '../kit/clip-player.tsx';
import { type OtherLanguage, otherLanguages, type VersionDraft } from '../model/draft.ts';
import { useSay } from '../text/use-say.ts';
import { FileSource } from './file-source.tsx';
import { KeptSource } from './kept-source.tsx';
import styles from './language-versions.module.css';
import { useClip } from './sound-maker.tsx';

export function LanguageVersions(props: {
  versions: readonly VersionDraft[];
  onChange: (versions: VersionDraft[]) => void;
}) {
  const say = useSay();
  const id = useId();
  const { versions, onChange } = props;
  const [isOpen, setOpen] = useState(versions.length > 0);
  const [adding, setAdding] = useState<OtherLanguage>();
  const open = otherLanguages.filter((language) => versions.every((version) => version.language !== language));
  const add = (language: OtherLanguage, clipId: string) => {
    onChange([...versions, { language, clipId }]);
    setAdding(undefined);
  };
  return (
    <div className={styles.versions}>
      <Button
        variant="subtle"
        leftSection={<IconChevronRight size={20} aria-hidden className={styles.flip} data-open={isOpen} />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {say('version.open')}
      </Button>
      {isOpen && (
        <div id={id} className={styles.body}>
          <p>{say('version.line')}</p>
          {versions.map((version) => (
            <Version
              key={version.language}
              version={version}
              onRemove={() => onChange(versions.filter((each) => each !== version))}
            />
          ))}
          {adding !== undefined && <Adding language={adding} onReady={(clipId) => add(adding, clipId)} />}
          <div className={styles.buttons}>
            {open
              .filter((language) => language !== adding)
              .map((language) => (
                <Button
                  key={language}
                  variant="default"
                  leftSection={<IconPlus size={20} aria-hidden />}
                  onClick={() => setAdding(language)}
                >
                  {say('version.add', { language: say(`version.language.${language}`) })}
                </Button>
              ))}
          </div>
        </div>
      )}
    </div>
  );
}

function Version(props: { version: VersionDraft; onRemove: () => void }) {
  const say = useSay();
  const clip = useClip(props.version.clipId);
  const language = say(`version.language.${props.version.language}`);
  return (
    <div className={styles.version}>
      <strong>{language}</strong>
      {clip !== undefined && (
        <ClipPlayer compact url={clip.previewUrl} title={clip.title} durationMs={clip.durationMs} />
      )}
      <Button variant="default" leftSection={<IconTrashX size={20} aria-hidden />} onClick={props.onRemove}>
        {say('version.remove', { language })}
      </Button>
    </div>
  );
}

function Adding(props: { language: OtherLanguage; onReady: (clipId: string) => void }) {
  const say = useSay();
  const [source, setSource] = useState<'file' | 'kept'>('file');
  const language = say(`version.language.${props.language}`);
  return (
    <section className={styles.adding} aria-label={say('version.add', { language })}>
      <strong>{language}</strong>
      <Choice
        label={say('version.source', { language })}
        value={source}
        onChange={setSource}
        options={[
          { value: 'file', words: say('sound.file') },
          { value: 'kept', words: say('sound.kept') },
        ]}
      />
      {source === 'file' ? (
        <FileSource hasClip={false} onReady={(clip) => props.onReady(clip.id)} />
      ) : (
        <KeptSource chosenId={undefined} onChoose={(clip) => props.onReady(clip.id)} />
      )}
    </section>
  );
}
