/** What the mock says of what comes down to a commune: bulletins to be taken or not, and priority clashes. */
export const inboxAnswers = {
  inbox: () => [],
  answerInbox: () => undefined,
  clashes: () => [],
};
