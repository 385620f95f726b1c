/** What the mock says of the law: hours, limits, sessions, exceptions, units, and what a change would do. */
import type { ChangedView } from '@loa/protocol/panel';
import type { Call } from './answers.ts';

const unchanged = ({ world }: Call): ChangedView => ({
  until: new Date(world.nowMs() + 86_400_000).toISOString(),
  clusterCount: 0,
  groups: [],
  groupsLeftOutCount: 0,
});

export const lawAnswers = {
  law: () => undefined,
  previewChange: unchanged,
  makeChange: unchanged,
  explain: () => undefined,
  readTimetable: () => ({ entries: [], mistakes: [] }),
  importTimetable: (call: Call) => ({ changed: unchanged(call), bulletinIds: [], mistakes: [] }),
};
