/** What pages read over HTTP, with one key each, so that a change can refresh exactly what it touched. */
import type { LawChange, PreviewRequest } from '@loa/protocol/panel';
import { useQuery } from '@tanstack/react-query';
import { ask } from './call.ts';
import { readDeviceLog } from './read-log.ts';

/** Keys of everything cached. */
export const keys = {
  me: ['me'],
  bulletins: ['bulletins'],
  /** Stale whenever bulletins are. */
  timetable: ['bulletins', 'timetable'],
  withdrawal: (bulletinId: string) => ['withdrawal', bulletinId],
  rests: ['rests'],
  inbox: ['inbox'],
  clashes: ['clashes'],
  preview: (request: PreviewRequest) => ['preview', JSON.stringify(request)],
  clips: ['clips'],
  airings: (from: string, until: string) => ['airings', from, until],
  airing: (id: string) => ['airing', id],
  faults: ['faults'],
  law: (areaId: string) => ['law', areaId],
  laws: ['law'],
  previewChange: (change: LawChange) => ['preview-change', JSON.stringify(change)],
  explain: (query: { cluster: string; at: string }) => ['explain', query.cluster, query.at],
  services: (clusterId: string) => ['services', clusterId],
  deviceLog: (serviceId: string) => ['device-log', serviceId],
  demo: ['demo'],
  reach: (areaIds: readonly string[]) => ['reach', ...areaIds],
  textCheck: (text: string) => ['text-check', text],
} as const;

export const useBulletins = () =>
  useQuery({ queryKey: keys.bulletins, queryFn: () => ask('listBulletins', {}), refetchInterval: 30_000 });

/** What is planned for the next seven days; sessions and hours are changed by others too, so it is asked again. */
export const useTimetable = (isWanted = true) =>
  useQuery({
    queryKey: keys.timetable,
    queryFn: () => ask('timetable', {}),
    enabled: isWanted,
    refetchInterval: 60_000,
  });

/** What became of a withdrawal; asked again every few seconds while a cluster does not know of it. */
export const useWithdrawal = (bulletinId: string) =>
  useQuery({
    queryKey: keys.withdrawal(bulletinId),
    queryFn: () => ask('withdrawal', { params: { id: bulletinId } }),
    refetchInterval: ({ state }) => (state.data?.untold.length === 0 ? false : 5_000),
  });

/** What a draft would do; nothing is asked until it is whole. Keeps the last answer while it asks. */
export const usePreview = (request: PreviewRequest | undefined) =>
  useQuery({
    queryKey: request === undefined ? ['preview'] : keys.preview(request),
    queryFn: () => {
      if (request === undefined) throw new Error('Nothing to preview');
      return ask('preview', { body: request });
    },
    enabled: request !== undefined,
    placeholderData: (former) => former,
    staleTime: 10_000,
    retry: false,
  });

/** Who rests at present; others may let somebody rest, so it is asked again. */
export const useRests = () =>
  useQuery({ queryKey: keys.rests, queryFn: () => ask('listRests', {}), refetchInterval: 15_000 });

/** What has come down from above; asked again, since it comes without being asked for. */
export const useInbox = (isWanted: boolean) =>
  useQuery({
    queryKey: keys.inbox,
    queryFn: () => ask('inbox', {}),
    enabled: isWanted,
    refetchInterval: 30_000,
  });

/** Priority bulletins that want one time; others decide too, so it is asked again. */
export const useClashes = () =>
  useQuery({ queryKey: keys.clashes, queryFn: () => ask('clashes', {}), refetchInterval: 30_000 });

export const useClips = (isWanted: boolean) =>
  useQuery({ queryKey: keys.clips, queryFn: () => ask('listClips', {}), enabled: isWanted });

/** How many clusters a choice of areas addresses, as the server counts them; keeps the last count while it asks. */
export const useReach = (areaIds: readonly string[]) => {
  const sorted = [...areaIds].sort();
  return useQuery({
    queryKey: keys.reach(sorted),
    queryFn: () => ask('reach', { body: { areaIds: sorted } }),
    enabled: sorted.length > 0,
    placeholderData: (former) => former,
    staleTime: 10_000,
  });
};

/** Airings between two instants (RFC 3339). */
export const useAirings = (span: { from: string; until: string }) =>
  useQuery({
    queryKey: keys.airings(span.from, span.until),
    queryFn: () => ask('listAirings', { query: span }),
    staleTime: 15_000,
  });

/** One airing, for when the live picture does not hold it. */
export const useAiring = (id: string, isWanted: boolean) =>
  useQuery({
    queryKey: keys.airing(id),
    queryFn: () => ask('airing', { params: { id } }),
    enabled: isWanted,
    refetchInterval: 15_000,
  });

export const useFaults = () => useQuery({ queryKey: keys.faults, queryFn: () => ask('listFaults', { query: {} }) });

/** Which faults were made by hand in the demo town. */
export const useDemoState = (isDemo: boolean) =>
  useQuery({ queryKey: keys.demo, queryFn: () => ask('demoState', {}), enabled: isDemo });

/** How a text will be read. */
export const useTextCheck = (text: string) =>
  useQuery({
    queryKey: keys.textCheck(text),
    queryFn: () => ask('checkText', { body: { text } }),
    enabled: text.trim() !== '',
    placeholderData: (former) => former,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** What is decided at an area and what holds there. */
export const useLaw = (areaId: string) =>
  useQuery({ queryKey: keys.law(areaId), queryFn: () => ask('law', { params: { id: areaId } }) });

/** What a change would do within 24 hours; never answered from memory, since others change things too. */
export const useChangePreview = (change: LawChange) =>
  useQuery({
    queryKey: keys.previewChange(change),
    queryFn: () => ask('previewChange', { body: { change } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });

/** Why a cluster sounded or not; nothing is asked before a person asks. */
export const useExplanation = (query: { cluster: string; at: string } | undefined) =>
  useQuery({
    queryKey: query === undefined ? ['explain'] : keys.explain(query),
    queryFn: () => {
      if (query === undefined) throw new Error('Nothing to explain');
      return ask('explain', { query });
    },
    enabled: query !== undefined,
    retry: false,
  });

/** What was asked of the device of a cluster; looked at often while it has not answered. */
export const useServices = (clusterId: string) =>
  useQuery({
    queryKey: keys.services(clusterId),
    queryFn: () => ask('listServices', { params: { id: clusterId } }),
    refetchInterval: ({ state }) => (state.data?.services.some(({ phase }) => phase === 'sent') ? 2_000 : 30_000),
  });

/** A log that has arrived never changes. */
export const useDeviceLog = (serviceId: string) =>
  useQuery({
    queryKey: keys.deviceLog(serviceId),
    queryFn: () => readDeviceLog(serviceId),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
