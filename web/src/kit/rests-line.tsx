/** Who rests at present, until when and why, with the way back for whoever may. Nothing when nobody does. */
import type { RestView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { useMe } from '../api/me.tsx';
import { keys, useRests } from '../api/queries.ts';
import { useNow, usePicture } from '../live/use-live.tsx';
import { instantWords } from '../model/civil-time.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import { Notice } from './notice.tsx';
import { useToast } from './toast.tsx';

/** `clusterId` narrows to the rests that name it. */
export function RestsLine(props: { clusterId?: string }) {
  const rests = useRests().data ?? [];
  const { clusterId } = props;
  const shown = clusterId === undefined ? rests : rests.filter((rest) => rest.clusterIds.includes(clusterId));
  return shown.map((rest) => <RestLine key={rest.id} rest={rest} />);
}

function RestLine(props: { rest: RestView }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const { timeZone } = useMe();
  const nowMs = useNow(30_000);
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const { rest } = props;
  const names = [
    ...rest.areaIds.map((id) => areas.get(id)?.name ?? say('area.above')),
    ...rest.clusterIds.flatMap((id) => clusters.get(id)?.name ?? []),
  ].join(', ');
  const end = async () => {
    const result = await call('endRest', { params: { id: rest.id } });
    if (result.ok) toast('good', say('rest.ended'));
    else toast('attention', failureWords(result.failure, say, language));
    await requests.invalidateQueries({ queryKey: keys.rests });
  };
  const until = instantWords(Date.parse(rest.until), { nowMs, timeZone, say });
  return (
    <Notice
      tone="attention"
      action={
        rest.mayEnd && (
          <Button variant="default" onClick={end}>
            {say('rest.end')}
          </Button>
        )
      }
    >
      {say('rest.line', { names, until, reason: rest.reason, by: rest.by })}
    </Notice>
  );
}
