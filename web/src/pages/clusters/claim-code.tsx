/** Makes a one-time code for the board of a cluster, and shows it large enough to be read out over a phone. */
import type { ClusterView } from '@loa/protocol/panel';
import { Button, Modal } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { type CallAnswer, call } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useToast } from '../../kit/toast.tsx';
import { useNow } from '../../live/use-live.tsx';
import { instantWords } from '../../model/civil-time.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';
import { EnrolByHand } from './enrol-by-hand.tsx';

export function ClaimCode(props: { cluster: ClusterView }) {
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const toast = useToast();
  const nowMs = useNow(30_000);
  const [isBusy, setBusy] = useState(false);
  const [code, setCode] = useState<CallAnswer<'makeClaimCode'>>();
  const make = async () => {
    setBusy(true);
    const result = await call('makeClaimCode', { params: { id: props.cluster.id } });
    setBusy(false);
    if (result.ok) setCode(result.value);
    else toast('attention', failureWords(result.failure, say, language));
  };
  return (
    <>
      <Button
        variant="default"
        size="lg"
        loading={isBusy}
        onClick={make}
        leftSection={<IconKey size={22} aria-hidden />}
      >
        {say('claim.make')}
      </Button>
      <Modal
        opened={code !== undefined}
        onClose={() => setCode(undefined)}
        title={say('claim.title', { name: props.cluster.name })}
        centered
        radius="var(--radius)"
        closeButtonProps={{ 'aria-label': say('action.close') }}
      >
        {code !== undefined && (
          <div className={styles.code}>
            <output>{code.claimCode}</output>
            <p>{say('claim.words')}</p>
            <p>
              <strong>
                {say('claim.until', { time: instantWords(Date.parse(code.expiresAt), { nowMs, timeZone, say }) })}
              </strong>
            </p>
            <EnrolByHand claimCode={code.claimCode} />
          </div>
        )}
      </Modal>
    </>
  );
}
