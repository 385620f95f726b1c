/** Times of day at which the horns are turned down. */
import { Button, CloseButton, NativeSelect } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { TimeField } from '../../kit/time-field.tsx';
import { newVolumeSpan, type VolumeDraft, volumePercents, volumeSpansMax } from '../../model/law/sound-draft.ts';
import { withChanged, without } from '../../model/ordering.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

export function VolumeFields(props: { volume: VolumeDraft; onChange: (volume: VolumeDraft) => void }) {
  const say = useSay();
  const { volume, onChange } = props;
  return (
    <>
      {volume.map((span, index) => {
        const name = say('law.span', { number: index + 1 });
        const percents = [...new Set([...volumePercents, span.volumePercent])].sort((a, b) => b - a);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span is known by its place alone, and its fields hold no state
          <fieldset key={index} className={styles.box}>
            <legend>{name}</legend>
            <CloseButton
              size="lg"
              className={styles.corner}
              aria-label={say('law.remove', { name })}
              onClick={() => onChange(without(volume, index))}
            />
            <div className={styles.fields}>
              <TimeField
                label={say('law.from')}
                value={span.from}
                onChange={(from) => onChange(withChanged(volume, index, { from }))}
              />
              <TimeField
                label={say('law.until')}
                value={span.until}
                isEnd
                onChange={(until) => onChange(withChanged(volume, index, { until }))}
              />
              <NativeSelect
                label={say('law.volume-percent')}
                value={String(span.volumePercent)}
                onChange={(event) =>
                  onChange(withChanged(volume, index, { volumePercent: Number(event.currentTarget.value) }))
                }
                data={percents.map((count) => ({ value: String(count), label: say('law.percent', { count }) }))}
                size="lg"
              />
            </div>
          </fieldset>
        );
      })}
      {volume.length === 0 && <p>{say('law.volume-full')}</p>}
      {volume.length < volumeSpansMax && (
        <Button
          variant="default"
          className={styles.start}
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => onChange([...volume, { ...newVolumeSpan }])}
        >
          {say('law.volume-add')}
        </Button>
      )}
    </>
  );
}
