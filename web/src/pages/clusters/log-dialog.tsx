/** The log that a device sent, as it sent it: read here, or saved for whoever understands it. */
import { Button, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { addressOf } from '../../api/call.ts';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useDeviceLog } from '../../api/queries.ts';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';

export function LogDialog(props: { serviceId: string; name: string; onClose: () => void }) {
  const say = useSay();
  const language = useLanguage();
  const log = useDeviceLog(props.serviceId);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={say('service.log-title', { name: props.name })}
      size="xl"
      radius="var(--radius)"
      closeButtonProps={{ 'aria-label': say('action.close') }}
    >
      {log.isPending && <Waiting words={say('frame.waiting')} />}
      {log.error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(log.error), say, language)}
        </Notice>
      )}
      {log.data !== undefined && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className={styles.log} tabIndex={0}>
            {log.data}
          </pre>
          <Button
            component="a"
            href={addressOf('deviceLog', { id: props.serviceId })}
            download={`loa-${props.serviceId}.log`}
            variant="default"
            leftSection={<IconDownload size={22} aria-hidden />}
          >
            {say('service.log-save')}
          </Button>
        </>
      )}
    </Modal>
  );
}
