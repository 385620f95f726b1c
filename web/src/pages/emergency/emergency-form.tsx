/** What an emergency says, where it sounds, how often; drill or real; and the button that has to be held. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { call, type Failure } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { keys, useReach } from '../../api/queries.ts';
import { newRequestId } from '../../edges/random.ts';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { HoldButton } from '../../kit/hold-button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useToast } from '../../kit/toast.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { areasWords } from '../../model/areas-words.ts';
import { type EmergencyDraft, emergencyRequestOf, missingInEmergency } from '../../model/emergency-draft.ts';
import { type SoundDraft, SoundMaker } from '../../sound/sound-maker.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { DrillSwitch } from './drill-switch.tsx';
import styles from './emergency-page.module.css';

const repeatCounts = [1, 2, 3, 5, 10] as const;
const emptySound: SoundDraft = { source: 'text', text: '' };
const emptyDraft: EmergencyDraft = { title: '', clipId: undefined, areaIds: [], repeatCount: 3, drill: false };

export function EmergencyForm() {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const areas = usePicture('areas');
  const requests = useQueryClient();
  const [sound, setSound] = useState<SoundDraft>(emptySound);
  const [form, setForm] = useState<EmergencyDraft>(emptyDraft);
  const [hasOwnTitle, setOwnTitle] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const reach = useReach(form.areaIds).data;
  const isCurrent = sound.source !== 'text' || sound.spokenText === sound.text;
  const draft = { ...form, clipId: isCurrent ? sound.clipId : undefined };
  const missing = missingInEmergency(draft);
  const count = form.areaIds.length === 0 ? 0 : (reach?.clusters ?? 0);
  const missed = reach === undefined ? 0 : reach.clusters - reach.reachable;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another form is another request
  const requestId = useMemo(() => newRequestId(), [form, sound]);
  const change = (part: Partial<EmergencyDraft>) => setForm((former) => ({ ...former, ...part }));
  const send = async () => {
    if (missing !== undefined || isBusy) return;
    setBusy(true);
    setFailure(undefined);
    const result = await call('pushEmergency', { body: emergencyRequestOf(draft, requestId) });
    setBusy(false);
    setAsking(false);
    if (!result.ok) return setFailure(result.failure);
    toast('good', say(form.drill ? 'emergency.drill-sent' : 'emergency.sent'));
    setSound(emptySound);
    // Whoever drills goes on drilling: the next one must not be real by itself.
    setForm({ ...emptyDraft, drill: form.drill });
    setOwnTitle(false);
    window.scrollTo({ top: 0 });
    void requests.invalidateQueries({ queryKey: keys.bulletins });
  };
  const deed = say(form.drill ? 'emergency.deed-drill' : 'emergency.deed', { count, repeats: form.repeatCount });
  return (
    <div className={styles.form} data-drill={form.drill}>
      <DrillSwitch isDrill={form.drill} onChange={(drill) => change({ drill })} />
      <Sheet title={say('emergency.what')}>
        <div className={styles.fields}>
          <SoundMaker
            draft={sound}
            onChange={(part) => setSound((former) => ({ ...former, ...part }))}
            onTitle={(title) => !hasOwnTitle && change({ title: title.slice(0, 200) })}
          />
          <TextInput
            label={say('compose.title')}
            size="lg"
            value={form.title}
            maxLength={200}
            onChange={(event) => {
              setOwnTitle(event.currentTarget.value !== '');
              change({ title: event.currentTarget.value });
            }}
          />
          <NativeSelect
            label={say('when.repeat')}
            size="lg"
            value={String(form.repeatCount)}
            onChange={(event) => change({ repeatCount: Number(event.currentTarget.value) })}
            data={repeatCounts.map((value) => ({
              value: String(value),
              label: say('when.repeat-count', { count: value }),
            }))}
          />
        </div>
      </Sheet>
      <Sheet title={say('emergency.where')}>
        <div className={styles.fields}>
          <AreaPicker
            {...(form.drill ? {} : { tone: 'alarm' })}
            chosen={form.areaIds}
            onChange={(areaIds) => change({ areaIds })}
          />
          {missed > 0 && (
            <Notice tone="attention" live>
              {say('emergency.missed', { count: missed })}
            </Notice>
          )}
        </div>
      </Sheet>
      <div className={styles.send} data-ready={missing === undefined}>
        {failure !== undefined && (
          <Notice tone="attention" live>
            {failureWords(failure, say, language)}
          </Notice>
        )}
        <p className={styles.deed} aria-live="polite">
          {missing === undefined ? deed : say(missing)}
          {missing === undefined && (
            <strong className={styles.places}>{areasWords(form.areaIds, { areas, say })}</strong>
          )}
        </p>
        <HoldButton
          tone={form.drill ? 'drill' : 'alarm'}
          disabled={missing !== undefined || isBusy || count === 0}
          hint={say('emergency.hold')}
          onHeld={send}
          onPressed={() => setAsking(true)}
        >
          {say(form.drill ? 'emergency.push-drill' : 'emergency.push')}
        </HoldButton>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={say('emergency.ask')}
        yes={say(form.drill ? 'emergency.push-drill' : 'emergency.push')}
        tone={form.drill ? 'plain' : 'alarm'}
        isBusy={isBusy}
        onYes={send}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{form.title}</strong>
        </p>
        <p>{deed}</p>
        <p>
          <strong>{areasWords(form.areaIds, { areas, say })}</strong>
        </p>
      </AskDialog>
    </div>
  );
}
