/** The order of languages as a list whose entries are moved by buttons, and the ones that can be added. */

import type { Language } from '@loa/schedules';
import { Button, CloseButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { MoveButtons } from '../../kit/move-buttons.tsx';
import { languagesLeft } from '../../model/law/sound-draft.ts';
import { moved, without } from '../../model/ordering.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

export function LanguagesFields(props: { chosen: readonly Language[]; onChange: (chosen: Language[]) => void }) {
  const say = useSay();
  const { chosen, onChange } = props;
  const left = languagesLeft(chosen);
  return (
    <>
      <ol className={styles.editParts}>
        {chosen.map((language, index) => {
          const name = say(`law.language.${language}`);
          return (
            <li key={language}>
              <div className={styles.partLine}>
                <span className={styles.partName}>
                  {index + 1}. {name}
                </span>
                <span className={styles.partTools}>
                  <MoveButtons
                    name={name}
                    index={index}
                    count={chosen.length}
                    onMove={(by) => onChange(moved(chosen, index, by))}
                  />
                  {chosen.length > 1 && (
                    <CloseButton
                      size="lg"
                      aria-label={say('law.remove', { name })}
                      onClick={() => onChange(without(chosen, index))}
                    />
                  )}
                </span>
              </div>
            </li>
          );
        })}
      </ol>
      {left.length > 0 && (
        <div className={styles.buttons}>
          {left.map((language) => (
            <Button
              key={language}
              variant="default"
              leftSection={<IconPlus size={20} aria-hidden />}
              onClick={() => onChange([...chosen, language])}
            >
              {say('law.language-add', { language: say(`law.language.${language}`) })}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
