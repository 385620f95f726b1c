/** The door of `protocol/panel`: what the panel and the server say to each other. Changes with each release. */
export * from './api.ts';
export * from './bulletin-form.ts';
export * from './device-service.ts';
export * from './inbox.ts';
export * from './law-form.ts';
export * from './live.ts';
export * from './people.ts';
export * from './preview.ts';
export * from './problem.ts';
export * from './rest-form.ts';
export * from './timetable-form.ts';
export * from './timetable-view.ts';
