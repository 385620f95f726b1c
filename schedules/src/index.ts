/** The door of `schedules`: the pure law of what sounds when, used unchanged by server, device agent and panel. */
export * from './area.ts';
export * from './bulletin.ts';
export * from './forecast.ts';
export * from './hours.ts';
export * from './icalendar.ts';
export * from './late.ts';
export * from './lunar/index.ts';
export * from './outcome.ts';
export * from './permits.ts';
export * from './plan.ts';
export * from './recurrence.ts';
export * from './recurrence/index.ts';
export * from './rule-text.ts';
export * from './turn.ts';
