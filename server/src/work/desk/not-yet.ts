import type { Handlers } from '../../fronts/http/panel-routes.ts';

const no = async (): Promise<never> => {
  throw new Error('not built yet');
};
export const notYet = { readTimetable: no, importTimetable: no } satisfies Partial<Handlers>;
