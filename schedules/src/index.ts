/** The door of `schedules`: the pure law of what sounds when, used unchanged by server, device agent and panel. */
export * from './air-use.ts';
export * from './area.ts';
export * from './bulletin.ts';
export * from './changed-clusters.ts';
export * from './clash.ts';
export * from './clock-change.ts';
export * from './explain.ts';
export * from './forecast.ts';
export * from './hours.ts';
export * from './late.ts';
export * from './lunar/index.ts';
export * from './outcome.ts';
export * from './permits.ts';
export * from './plan.ts';
export * from './preview.ts';
export * from './recurrence.ts';
export * from './turn.ts';
