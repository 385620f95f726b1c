/** What a change does to the next 24 hours: how many clusters sound differently, and what each group of them will hear. */
import type { ChangedView } from '@loa/protocol/panel';
import { IconArrowsMove, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import { useMe } from '../api/me.tsx';
import { useNow, usePicture } from '../live/use-live.tsx';
import { changeWords, type HeardLine } from '../model/change-words.ts';
import { namesWords } from '../model/names-words.ts';
import { useSay } from '../text/use-say.ts';
import styles from './changed-lines.module.css';
import { Notice } from './notice.tsx';

const icons: Record<HeardLine['how'], typeof IconPlus> = {
  added: IconPlus,
  removed: IconMinus,
  moved: IconArrowsMove,
  altered: IconPencil,
};

export function ChangedLines(props: { changed: ChangedView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const nowMs = useNow(30_000);
  const clusters = usePicture('clusters');
  const { changed } = props;
  if (changed.clusterCount === 0) {
    return (
      <Notice tone="good" live>
        <strong>{say('change.nothing')}</strong> {say('change.none')}
      </Notice>
    );
  }
  return (
    <div className={styles.changed}>
      <Notice tone="attention" live>
        <strong>{say('change.clusters', { count: changed.clusterCount })}</strong>
      </Notice>
      {changed.groups.map((group) => (
        <section key={group.clusterIds.join()} className={styles.group}>
          <h3>
            {say('change.group', {
              count: group.clusterIds.length,
              names: namesWords(
                group.clusterIds.map((id) => clusters.get(id)?.name ?? id),
                say,
              ),
            })}
          </h3>
          <ul>
            {group.lines.map((line) => {
              const Icon = icons[line.how];
              return (
                <li key={`${line.how} ${line.at} ${line.title}`} data-how={line.how}>
                  <Icon size={20} aria-hidden />
                  <span>{changeWords(line, { nowMs, timeZone, say })}</span>
                </li>
              );
            })}
            {group.leftOutCount > 0 && <li>{say('change.lines-more', { count: group.leftOutCount })}</li>}
          </ul>
        </section>
      ))}
      {changed.groupsLeftOutCount > 0 && <p>{say('change.groups-more', { count: changed.groupsLeftOutCount })}</p>}
    </div>
  );
}
