/** Permitted hours: what holds and by whose document, what was asked for and is not given, and the form. */
import type { LawView } from '@loa/protocol/panel';
import { Button, CloseButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { TimeField } from '../../kit/time-field.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { hoursWords } from '../../model/hours-words.ts';
import { type HoursDraft, hoursChangeOf, hoursDraftOf, newSpan, spansMax } from '../../model/law/hours-draft.ts';
import { hoursCutWords } from '../../model/law/law-words.ts';
import { withChanged, without } from '../../model/ordering.ts';
import { useSay } from '../../text/use-say.ts';
import { DecisionHead } from './decision-head.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { DocumentField } from './text-field.tsx';
import { WeekdayChoices } from './weekday-choices.tsx';

export function PermittedHoursSheet(props: { law: LawView }) {
  const say = useSay();
  const areas = usePicture('areas');
  const { law } = props;
  const [draft, setDraft] = useState<HoursDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const { hours } = law.holds;
  const held = hoursWords(hours, say);
  const takeBack =
    law.own.hours === null ? undefined : () => change.ask({ kind: 'hours', areaId: law.areaId, hours: null });
  return (
    <Sheet
      title={say('law.part-hours')}
      aside={
        draft === undefined && (
          <DecisionHead mayChange={law.mayChange} onEdit={() => setDraft(hoursDraftOf(law))} onTakeBack={takeBack} />
        )
      }
    >
      <div className={styles.form}>
        {hours.isDefault ? (
          <Notice tone="attention">{say('law.hours-default', { hours: held })}</Notice>
        ) : (
          <div>
            <p className={styles.held}>{held}</p>
            <p className={styles.quiet}>
              {say('law.document-of', { document: hours.document })}{' '}
              {say(law.own.hours === null ? 'law.inherited' : 'law.own')}
            </p>
          </div>
        )}
        {law.own.hours !== null && law.hoursCuts.length > 0 && (
          <p>{say('law.hours-asked', { hours: hoursWords(law.own.hours, say) })}</p>
        )}
        {law.hoursCuts.map((cut) => (
          <Notice key={`${cut.areaId} ${cut.reason}`} tone="attention">
            {hoursCutWords(cut, { name: areas.get(cut.areaId)?.name ?? say('area.above'), say })}
          </Notice>
        ))}
        {draft !== undefined && (
          <>
            <HoursFields draft={draft} onChange={setDraft} />
            <FormActions
              change={hoursChangeOf(law.areaId, draft)}
              onLook={change.ask}
              onCancel={() => setDraft(undefined)}
            />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}

function HoursFields(props: { draft: HoursDraft; onChange: (draft: HoursDraft) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  const put = (spans: HoursDraft['spans']) => onChange({ ...draft, spans });
  return (
    <>
      {draft.spans.map((span, index) => {
        const name = say('law.span', { number: index + 1 });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span is known by its place alone, and its fields hold no state
          <fieldset key={index} className={styles.box}>
            <legend>{name}</legend>
            {draft.spans.length > 1 && (
              <CloseButton
                size="lg"
                className={styles.corner}
                aria-label={say('law.remove', { name })}
                onClick={() => put(without(draft.spans, index))}
              />
            )}
            <WeekdayChoices
              label={say('when.weekdays')}
              values={span.weekdays}
              onChange={(weekdays) => put(withChanged(draft.spans, index, { weekdays }))}
            />
            <div className={styles.fields}>
              <TimeField
                label={say('law.from')}
                value={span.from}
                onChange={(from) => put(withChanged(draft.spans, index, { from }))}
              />
              <TimeField
                label={say('law.until')}
                value={span.until}
                isEnd
                onChange={(until) => put(withChanged(draft.spans, index, { until }))}
              />
            </div>
          </fieldset>
        );
      })}
      {draft.spans.length < spansMax && (
        <Button
          variant="default"
          className={styles.start}
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => put([...draft.spans, { ...newSpan }])}
        >
          {say('law.add-span')}
        </Button>
      )}
      <DocumentField value={draft.document} onChange={(document) => onChange({ ...draft, document })} />
    </>
  );
}
