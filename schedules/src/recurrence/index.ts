/** The door of recurrence: RFC 5545 text to data and back, and the starts it names. */
export * from './expand-set.ts';
export * from './format-set.ts';
export * from './judge-set.ts';
export * from './parse-rule.ts';
export * from './parse-set.ts';
export * from './recurrence-set.ts';
