/** Named groups below a place: downstream, coast, forest edge, shelters; with their members. */
import type { LawView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { ClusterPicker } from '../../kit/cluster-picker.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { clustersIn } from '../../model/area-tree.ts';
import { type GroupDraft, groupChangeOf } from '../../model/law/unit-drafts.ts';
import { namesWords } from '../../model/names-words.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { TextField } from './text-field.tsx';

export function GroupsSheet(props: { law: LawView }) {
  const say = useSay();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const { law } = props;
  const [draft, setDraft] = useState<GroupDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const membersOf = (group: LawView['groups'][number]) => [
    ...group.memberAreaIds.map((id) => areas.get(id)?.name ?? say('area.above')),
    ...group.memberClusterIds.map((id) => clusters.get(id)?.name ?? id),
  ];
  return (
    <Sheet
      title={say('law.groups')}
      aside={
        law.mayChange &&
        draft === undefined && (
          <Button
            variant="light"
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => setDraft({ parentId: law.areaId, name: '', memberAreaIds: [], memberClusterIds: [] })}
          >
            {say('law.group-add')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.groups-line')}</p>
        {law.groups.length === 0 && draft === undefined && (
          <EmptyState icon={<IconUsersGroup size={30} />} title={say('law.groups-none')} />
        )}
        <ul className={styles.list}>
          {law.groups.map((group) => (
            <li key={group.id} className={styles.listed}>
              <div>
                <strong>{group.name}</strong>
                <p className={styles.quiet}>
                  {say('change.group', { count: group.clusterCount, names: namesWords(membersOf(group), say) })}
                </p>
              </div>
              {law.mayChange && draft === undefined && (
                <Button
                  variant="default"
                  aria-label={say('law.group-edit', { name: group.name })}
                  onClick={() => {
                    const { id, name, parentId, memberAreaIds, memberClusterIds } = group;
                    setDraft({ groupId: id, name, parentId, memberAreaIds, memberClusterIds });
                  }}
                >
                  {say('law.edit')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        {draft !== undefined && (
          <>
            <GroupFields draft={draft} onChange={setDraft} />
            <FormActions change={groupChangeOf(draft)} onLook={change.ask} onCancel={() => setDraft(undefined)} />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}

function GroupFields(props: { draft: GroupDraft; onChange: (draft: GroupDraft) => void }) {
  const say = useSay();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const { draft, onChange } = props;
  const below = useMemo(
    () => clustersIn(areas, clusters.values(), new Set([draft.parentId])),
    [areas, clusters, draft.parentId],
  );
  return (
    <>
      <TextField
        label={say('law.group-name')}
        example={say('law.group-example')}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      <p className={styles.label}>{say('law.group-areas')}</p>
      <AreaPicker
        chosen={draft.memberAreaIds}
        onChange={(memberAreaIds) => onChange({ ...draft, memberAreaIds })}
        below={draft.parentId}
      />
      <p className={styles.label}>{say('law.group-clusters')}</p>
      <ClusterPicker
        label={say('law.group-clusters')}
        clusters={below}
        chosen={draft.memberClusterIds}
        onChange={(memberClusterIds) => onChange({ ...draft, memberClusterIds })}
      />
    </>
  );
}
