/** Only in the demo town: hear what the cluster really emitted, make a fault happen, mend it. */
import type { ClusterView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlugConnected, IconPlugOff, IconRefresh, IconTool, IconVolumeOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addressOf, call } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { useMay } from '../../api/me.tsx';
import { keys, useDemoState } from '../../api/queries.ts';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useToast } from '../../kit/toast.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';

export function DemoSheet(props: { cluster: ClusterView }) {
  const { cluster } = props;
  const say = useSay();
  const [take, setTake] = useState(0);
  const mayRepair = useMay('repair');
  return (
    <Sheet title={say('demo.title')}>
      <div className={styles.demo}>
        <p>{say('demo.listen')}</p>
        <ClipPlayer
          key={take}
          url={`${addressOf('demoSound', { id: cluster.id })}?take=${take}`}
          title={say('demo.listen-at', { name: cluster.name })}
          failedWords={say('demo.silent')}
        />
        <Button variant="default" leftSection={<IconRefresh size={20} aria-hidden />} onClick={() => setTake(take + 1)}>
          {say('demo.again')}
        </Button>
        {mayRepair && <DemoFaults clusterId={cluster.id} />}
      </div>
    </Sheet>
  );
}

function DemoFaults(props: { clusterId: string }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const state = useDemoState(true).data?.find((one) => one.clusterId === props.clusterId);
  const [busyKind, setBusyKind] = useState<'unplugged' | 'output-broken'>();
  const make = async (kind: 'unplugged' | 'output-broken', present: boolean) => {
    setBusyKind(kind);
    const result = await call('demoFault', { params: { id: props.clusterId }, body: { kind, present } });
    setBusyKind(undefined);
    if (result.ok) toast('good', say(present ? 'demo.made' : 'demo.mended'));
    else toast('attention', failureWords(result.failure, say, language));
    await requests.invalidateQueries({ queryKey: keys.demo });
  };
  const isUnplugged = state?.unplugged ?? false;
  const isBroken = state?.outputBroken ?? false;
  return (
    <>
      <p>
        <strong>{say('demo.faults')}</strong>
      </p>
      <div className={styles.demoActions}>
        <Button
          variant={isUnplugged ? 'filled' : 'default'}
          size="lg"
          loading={busyKind === 'unplugged'}
          leftSection={
            isUnplugged ? <IconPlugConnected size={22} aria-hidden /> : <IconPlugOff size={22} aria-hidden />
          }
          onClick={() => make('unplugged', !isUnplugged)}
        >
          {say(isUnplugged ? 'demo.plug' : 'demo.unplug')}
        </Button>
        <Button
          variant={isBroken ? 'filled' : 'default'}
          size="lg"
          loading={busyKind === 'output-broken'}
          leftSection={isBroken ? <IconTool size={22} aria-hidden /> : <IconVolumeOff size={22} aria-hidden />}
          onClick={() => make('output-broken', !isBroken)}
        >
          {say(isBroken ? 'demo.mend' : 'demo.break')}
        </Button>
      </div>
    </>
  );
}
