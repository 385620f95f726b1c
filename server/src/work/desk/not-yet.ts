import type { Handlers } from '../../fronts/http/panel-routes.ts';

const no = async (): Promise<never> => {
  throw new Error('not built yet');
};
export const notYet = {
  law: no,
  previewChange: no,
  makeChange: no,
  inbox: no,
  answerInbox: no,
  clashes: no,
  explain: no,
  readTimetable: no,
  importTimetable: no,
} satisfies Partial<Handlers>;
