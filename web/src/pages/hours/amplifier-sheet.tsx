/** Whether the amplifiers of a place stay switched on between bulletins: how it stands, and the switch for whoever may. */
import { Button } from '@mantine/core';
import { useMay } from '../../api/me.tsx';
import { useLaw } from '../../api/queries.ts';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

/** Nothing until it is known how it stands. */
export function AmplifierSheet(props: { areaId: string }) {
  const say = useSay();
  const { areaId } = props;
  const law = useLaw(areaId).data;
  const mayDecide = useMay('schedule');
  const change = useChangeSheet();
  if (law?.holds.amplifierStaysOn === undefined) return null;
  const staysOn = law.holds.amplifierStaysOn;
  const isInherited = law.own.amplifierStaysOn === null || law.own.amplifierStaysOn === undefined;
  return (
    <Sheet
      title={say('amplifier.title')}
      aside={
        mayDecide && (
          <Button variant="light" onClick={() => change.ask({ kind: 'amplifier', areaId, staysOn: !staysOn })}>
            {say(staysOn ? 'amplifier.turn-off' : 'amplifier.turn-on')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <div>
          <p className={styles.held} role="status">
            {say(staysOn ? 'amplifier.stays-on' : 'amplifier.switches')}
          </p>
          <p>{say(staysOn ? 'amplifier.stays-on-line' : 'amplifier.switches-line')}</p>
        </div>
        {isInherited && <p className={styles.quiet}>{say('amplifier.inherited')}</p>}
      </div>
      {change.sheet}
    </Sheet>
  );
}
