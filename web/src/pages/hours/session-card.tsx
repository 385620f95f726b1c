/** One session of the standing day in the form: closed it is a line, open its times and its parts can be changed. */
import { Button, CloseButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { Choice } from '../../kit/choice.tsx';
import { TimeField } from '../../kit/time-field.tsx';
import { weekdaysWords } from '../../model/law/law-words.ts';
import { newPart, type PartDraft, type PartKind, partsMax, type SessionDraft } from '../../model/law/standing-day.ts';
import { moved, without } from '../../model/ordering.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';
import { PartRow } from './part-row.tsx';
import { TextField } from './text-field.tsx';
import { WeekdayChoices } from './weekday-choices.tsx';

export function SessionCard(props: {
  draft: SessionDraft;
  isOpen: boolean;
  /** A key for what is added. */
  newKey: number;
  onFlip: () => void;
  onChange: (part: Partial<SessionDraft>) => void;
  onRemove: () => void;
}) {
  const say = useSay();
  const { draft, isOpen } = props;
  const { name, from, until } = draft;
  return (
    <section className={styles.session} aria-label={name}>
      <div className={styles.sessionHead}>
        <div>
          <h3>{name}</h3>
          <p className={styles.quiet}>
            {say('law.session-when', { from, until, weekdays: weekdaysWords(draft.weekdays, say) })}
          </p>
        </div>
        <Button
          variant="default"
          aria-expanded={isOpen}
          leftSection={<IconPencil size={20} aria-hidden />}
          aria-label={isOpen ? say('law.session-done') : say('law.part-edit', { name })}
          onClick={props.onFlip}
        >
          {say(isOpen ? 'law.part-done' : 'law.edit')}
        </Button>
        <CloseButton size="lg" aria-label={say('law.remove', { name })} onClick={props.onRemove} />
      </div>
      {isOpen && (
        <>
          <TimesOf draft={draft} onChange={props.onChange} />
          <PartsOf draft={draft} newKey={props.newKey} onChange={(parts) => props.onChange({ parts })} />
        </>
      )}
    </section>
  );
}

function TimesOf(props: { draft: SessionDraft; onChange: (part: Partial<SessionDraft>) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  return (
    <>
      <TextField label={say('law.session-name')} value={draft.name} onChange={(name) => onChange({ name })} />
      <div className={styles.fields}>
        <TimeField label={say('law.from')} value={draft.from} onChange={(from) => onChange({ from })} />
        <TimeField label={say('law.until')} value={draft.until} isEnd onChange={(until) => onChange({ until })} />
      </div>
      <div>
        <p className={styles.label}>{say('law.session-weekdays')}</p>
        <WeekdayChoices
          label={say('law.session-weekdays')}
          values={draft.weekdays}
          onChange={(weekdays) => onChange({ weekdays })}
        />
      </div>
      <div>
        <p className={styles.label}>{say('law.session-slot')}</p>
        <Choice
          label={say('law.session-slot')}
          value={draft.slot ?? 'none'}
          onChange={(slot) => onChange({ slot: slot === 'none' ? undefined : slot })}
          options={(['morning', 'noon', 'evening', 'none'] as const).map((value) => ({
            value,
            words: say(`law.slot.${value}`),
          }))}
        />
      </div>
    </>
  );
}

const addable = ['tune', 'relay', 'bulletins', 'closing'] as const;

function PartsOf(props: { draft: SessionDraft; newKey: number; onChange: (parts: PartDraft[]) => void }) {
  const say = useSay();
  const { draft, newKey, onChange } = props;
  const { parts } = draft;
  const [openKey, setOpenKey] = useState<number>();
  const add = (what: (typeof addable)[number]) => {
    const kind: PartKind = what === 'closing' ? 'tune' : what;
    const part = newPart(kind, { title: kind === 'tune' ? say(`law.part.${what}`) : '', key: newKey });
    onChange(what === 'tune' ? [part, ...parts] : [...parts, part]);
    setOpenKey(newKey);
  };
  return (
    <>
      <h4 className={styles.label}>{say('law.session-parts')}</h4>
      {parts.length === 0 && <p>{say('law.session-no-parts')}</p>}
      <ol className={styles.editParts}>
        {parts.map((part, index) => (
          <PartRow
            key={part.key}
            part={part}
            index={index}
            count={parts.length}
            isOpen={part.key === openKey}
            onFlip={() => setOpenKey(part.key === openKey ? undefined : part.key)}
            onMove={(by) => onChange(moved(parts, index, by))}
            onChange={(changed) => onChange(parts.map((one) => (one.key === part.key ? changed : one)))}
            onRemove={() => onChange(without(parts, index))}
          />
        ))}
      </ol>
      {parts.length < partsMax && (
        <div>
          <p className={styles.label}>{say('law.part-add')}</p>
          <div className={styles.buttons}>
            {addable.map((what) => (
              <Button key={what} variant="light" onClick={() => add(what)}>
                {say(`law.part.${what}`)}
              </Button>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
