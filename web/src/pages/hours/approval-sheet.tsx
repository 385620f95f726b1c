/** Whether what the officers of a place schedule waits for a leader: how it stands, and the switch for whoever may. */
import { Button } from '@mantine/core';
import { useMay } from '../../api/me.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

/** Nothing for villages and groups: officers belong to a commune or to those above. */
export function ApprovalSheet(props: { areaId: string }) {
  const say = useSay();
  const { areaId } = props;
  const area = usePicture('areas').get(areaId);
  const mayApprove = useMay('approve');
  const mayGovern = useMay('govern');
  const change = useChangeSheet();
  if (area === undefined || (area.kind !== 'commune' && area.kind !== 'province')) return null;
  const isNeeded = area.needsApproval === true;
  return (
    <Sheet
      title={say('approval.rule')}
      aside={
        (mayApprove || mayGovern) && (
          <Button variant="light" onClick={() => change.ask({ kind: 'approval', areaId, isNeeded: !isNeeded })}>
            {say(isNeeded ? 'approval.turn-off' : 'approval.turn-on')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <div>
          <p className={styles.held} role="status">
            {say(isNeeded ? 'approval.on' : 'approval.off')}
          </p>
          <p>{say(isNeeded ? 'approval.on-line' : 'approval.off-line')}</p>
        </div>
        <p className={styles.quiet}>{say('approval.apart-line')}</p>
      </div>
      {change.sheet}
    </Sheet>
  );
}
