/**
 * Sounds an emergency, or a drill that looks nothing like one. What is in force stands first, with its stop button;
 * sending is a hold of two seconds on a button that says in words what it will do.
 */
import { IconSpeakerphone } from '@tabler/icons-react';
import { useMay } from '../../api/me.tsx';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive } from '../../live/use-live.tsx';
import { useSay } from '../../text/use-say.ts';
import { EmergencyForm } from './emergency-form.tsx';
import styles from './emergency-page.module.css';
import { InForceList } from './in-force-list.tsx';

export function EmergencyPage() {
  const say = useSay();
  const mayPush = useMay('emergency');
  const isDrawn = useLive((state) => state.isDrawn);
  return (
    <>
      <PageHeader title={say('nav.emergency')} line={say('emergency.line')} />
      {!isDrawn && <Waiting words={say('frame.waiting')} />}
      {isDrawn && (
        <div className={styles.page}>
          <InForceList />
          {mayPush ? (
            <EmergencyForm />
          ) : (
            <EmptyState icon={<IconSpeakerphone size={30} />} title={say('emergency.not-yours')} />
          )}
        </div>
      )}
    </>
  );
}
