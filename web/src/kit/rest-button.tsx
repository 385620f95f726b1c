/** Silence by one press: the places rest until an instant and return by themselves. Asks how long, and why. */
import { Button, TextInput } from '@mantine/core';
import { IconMoonStars } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { call } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { useMay, useMe } from '../api/me.tsx';
import { keys } from '../api/queries.ts';
import { newRequestId } from '../edges/random.ts';
import { useNow } from '../live/use-live.tsx';
import { instantWords } from '../model/civil-time.ts';
import { type RestLength, restEndMs, restLengths } from '../model/rest-length.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import { AskDialog } from './ask-dialog.tsx';
import { Choice } from './choice.tsx';
import { useToast } from './toast.tsx';

/** Nothing for those who may not schedule. */
export function RestButton(props: { areaIds?: string[]; clusterIds?: string[]; name: string }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const { timeZone } = useMe();
  const maySchedule = useMay('schedule');
  const nowMs = useNow(30_000);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [length, setLength] = useState<RestLength>('today');
  const [reason, setReason] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is asked is a request of its own
  const requestId = useMemo(() => newRequestId(), [isAsking]);
  if (!maySchedule) return null;
  const endMs = restEndMs(length, { nowMs, timeZone });
  const until = instantWords(endMs, { nowMs, timeZone, say });
  const make = async () => {
    setBusy(true);
    const { areaIds = [], clusterIds = [] } = props;
    const body = {
      requestId,
      areaIds,
      clusterIds,
      until: new Date(endMs).toISOString(),
      reason: reason.trim() || say('rest.no-reason'),
    };
    const result = await call('makeRest', { body });
    setBusy(false);
    setAsking(false);
    if (result.ok) toast('good', say('rest.made', { until }));
    else toast('attention', failureWords(result.failure, say, language));
    await requests.invalidateQueries({ queryKey: keys.rests });
  };
  return (
    <>
      <Button
        size="lg"
        variant="default"
        leftSection={<IconMoonStars size={22} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {say('rest.button')}
      </Button>
      <AskDialog
        isOpen={isAsking}
        title={say('rest.ask', { name: props.name })}
        yes={say('rest.button')}
        isBusy={isBusy}
        onYes={make}
        onNo={() => setAsking(false)}
      >
        <Choice
          label={say('rest.how-long')}
          value={length}
          onChange={setLength}
          options={restLengths.map((value) => ({ value, words: say(`rest.length.${value}`) }))}
        />
        <TextInput
          label={say('rest.reason')}
          placeholder={say('rest.reason-example')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
          size="lg"
        />
        <p>{say('rest.consequence', { until })}</p>
      </AskDialog>
    </>
  );
}
