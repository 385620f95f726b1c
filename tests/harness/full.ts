/** Does this run take the long inputs (`npm run test:full`)? They prove what the short ones of `npm test` prove, on more. */
export const isFull = process.env.LOA_TEST_FULL === '1';
