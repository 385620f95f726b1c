/** Named groups, a cluster that moves, and areas that merge: as they are written, and their changes. Pure. */
import type { AreaView, LawChange } from '@loa/protocol/panel';
import { lacking, type Settled, settled } from './settled.ts';

/** Without `groupId`: a new one below `parentId`. */
export interface GroupDraft {
  groupId?: string | undefined;
  parentId: string;
  name: string;
  memberAreaIds: string[];
  memberClusterIds: string[];
}

export interface MergerDraft {
  areaIds: string[];
  name: string;
  code: string;
  document: string;
}

export function groupChangeOf(draft: GroupDraft): Settled<LawChange> {
  const name = draft.name.trim();
  if (name === '') return lacking('law.missing.group-name');
  const { groupId, parentId, memberAreaIds, memberClusterIds } = draft;
  if (memberAreaIds.length + memberClusterIds.length === 0) return lacking('law.missing.members');
  const id = groupId === undefined ? {} : { groupId };
  return settled({ kind: 'group', ...id, name, parentId, memberAreaIds, memberClusterIds });
}

export function moveChangeOf(input: {
  cluster: { id: string; areaId: string } | undefined;
  areaId: string | undefined;
}): Settled<LawChange> {
  const { cluster, areaId } = input;
  if (cluster === undefined) return lacking('law.missing.cluster');
  if (areaId === undefined) return lacking('law.missing.move-to');
  if (areaId === cluster.areaId) return lacking('law.missing.move-elsewhere');
  return settled({ kind: 'cluster-moved', clusterId: cluster.id, areaId });
}

export function mergerChangeOf(draft: MergerDraft, areas: ReadonlyMap<string, AreaView>): Settled<LawChange> {
  const { areaIds } = draft;
  if (areaIds.length < 2) return lacking('law.missing.two-areas');
  if (new Set(areaIds.map((id) => areas.get(id)?.kind)).size > 1) return lacking('law.missing.one-kind');
  const [name, code, document] = [draft.name.trim(), draft.code.trim(), draft.document.trim()];
  if (name === '') return lacking('law.missing.new-name');
  if (document === '') return lacking('law.missing.document');
  return settled({ kind: 'merger', areaIds, name, ...(code === '' ? {} : { code }), document });
}
