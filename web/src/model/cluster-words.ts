/** What a person is told about a cluster as a whole: does it work, what is wrong, and will it sound all the same. Pure. */
import type { ClusterView } from '@loa/protocol/panel';
import { civilDateOf, civilDateWords, instantWords } from './civil-time.ts';
import { faultWords, type Reading } from './fault-words.ts';
import type { Tone } from './tone.ts';

export interface ClusterWords {
  tone: Tone;
  label: string;
  /** More, in a sentence, where there is more to say. */
  line?: string;
}

/** True when somebody should look at the cluster: it was installed and is out of reach or has an open fault. */
export function isTroubled(cluster: ClusterView): boolean {
  return cluster.reach === 'out-of-reach' || openFaults(cluster).length > 0;
}

/** Open faults; being out of reach comes first, since it hides the others. */
export function openFaults(cluster: ClusterView): ClusterView['faults'] {
  return cluster.faults
    .filter((fault) => fault.clearedAt === undefined)
    .sort((a, b) => Number(b.code === 'out-of-reach') - Number(a.code === 'out-of-reach'));
}

/** The standing of a cluster in words. `isDrill`: what sounds there, if anything, is a drill. */
export function clusterWords(cluster: ClusterView, reading: Reading & { isDrill?: boolean }): ClusterWords {
  const { say } = reading;
  const line = offlineWords(cluster, reading);
  if (cluster.reach === 'out-of-reach') {
    return { tone: 'attention', label: say('cluster.out-of-reach'), ...(line === undefined ? {} : { line }) };
  }
  const fault = openFaults(cluster)[0];
  if (fault !== undefined) {
    const words = faultWords(fault, reading);
    return { tone: 'attention', label: words.name, line: words.since };
  }
  if (cluster.playing !== undefined) {
    const isEmergency = cluster.playing.class === 'emergency';
    const tone = !isEmergency ? 'sounding' : reading.isDrill ? 'drill' : 'alarm';
    return { tone, label: say(reading.isDrill ? 'cluster.drilling' : 'cluster.playing'), line: cluster.playing.title };
  }
  if (cluster.reach === 'never') return { tone: 'quiet', label: say('cluster.never'), line: say('cluster.never-line') };
  return { tone: 'good', label: say('cluster.well') };
}

/**
 * `Mất liên lạc từ 14:05; vẫn phát theo lịch đã nhận đến thứ Sáu 27/11`: never just "offline", since it still sounds.
 * Undefined while the cluster can be reached.
 */
export function offlineWords(cluster: ClusterView, reading: Reading): string | undefined {
  if (cluster.reach !== 'out-of-reach') return undefined;
  const { say, nowMs, timeZone } = reading;
  const sinceText = cluster.reachSince ?? cluster.lastSeenAt;
  const since =
    sinceText === undefined
      ? say('cluster.out-of-reach')
      : say('cluster.offline-since', { time: instantWords(Date.parse(sinceText), reading) });
  const untilMs = cluster.planUntil === undefined ? undefined : Date.parse(cluster.planUntil);
  if (untilMs === undefined || untilMs <= nowMs) return `${since}; ${say('cluster.plan-over')}`;
  const today = civilDateOf(nowMs, timeZone);
  return `${since}; ${say('cluster.plan-until', { date: civilDateWords(civilDateOf(untilMs, timeZone), { today, say }) })}`;
}
