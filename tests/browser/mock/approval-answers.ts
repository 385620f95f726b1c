/** What the mock says when a leader approves or returns. */
export const approvalAnswers = {
  approveBulletin: () => undefined,
  returnBulletin: () => undefined,
};
