/** The door of `protocol/device`: the wire between server and boards, frozen and versioned. See the README's tables. */
export * from './capabilities.ts';
export * from './clip.ts';
export * from './documents.ts';
export * from './door.ts';
export * from './envelope.ts';
export * from './fault-codes.ts';
export * from './limits.ts';
export * from './link.ts';
export * from './readings.ts';
export * from './reasons.ts';
export * from './release.ts';
export * from './report.ts';
export * from './sequence.ts';
export * from './topics.ts';
