/** The door of `schedules`: the pure law of what sounds when, used unchanged by server, device agent and panel. */
export * from './address.ts';
export * from './area.ts';
export * from './bulletin.ts';
export * from './civil-days.ts';
export * from './daytime-test.ts';
export * from './hours.ts';
export * from './judge-law.ts';
export * from './judge-span.ts';
export * from './judge-units.ts';
export * from './law.ts';
export * from './limits.ts';
export * from './lunar/index.ts';
export * from './narrow-hours.ts';
export * from './outcome.ts';
export * from './plan.ts';
export * from './recurrence.ts';
export * from './session.ts';
