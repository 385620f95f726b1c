/** English: a leader's word on what a commune airs. */
import type { Dictionary } from '../say.ts';
import type { approvalWords as vi } from '../vi/approval.ts';

export const approvalWords: Dictionary<keyof typeof vi> = {
  'role.leader': 'Commune leader',
  'nav.approvals': 'To approve',
  'nav.approvals-short': 'To approve',
  'nav.to-approve': '{{count}} bulletins to approve',
  'nav.to-approve_one': '{{count}} bulletin to approve',

  'approval.line': 'Listen, look, then approve or return. Nothing sounds before it is approved.',
  'approval.no-right': 'Only a leader’s account approves bulletins.',
  'approval.none': 'Nothing waits for approval',
  'approval.none-line': 'What officers submit will appear here.',
  'approval.waiting': 'To approve ({{count}})',
  'approval.decided': 'Decided lately',
  'approval.sender': 'Submitted by',
  'approval.when-now': 'as soon as it is approved',
  'approval.text': 'Text',
  'approval.version': 'In {{language}}',
  'approval.approve': 'Approve',
  'approval.return': 'Return',
  'approval.own': 'Nobody approves their own bulletin. Please ask another leader.',
  'approval.approved': 'Approved. It will sound just as written.',
  'approval.ask-return': 'Return this bulletin?',
  'approval.reason': 'Why it is returned',
  'approval.reason-example': 'For example: the hamlet is missing, the date is wrong',
  'approval.reason-wording': 'The wording needs work',
  'approval.reason-time': 'Another time is needed',
  'approval.reason-not-now': 'Not needed yet',
  'approval.return-line': 'The author will read this, mend it and submit it again.',
  'approval.returned-done': 'Returned. The author will read why.',

  'approval.chip-submitted': 'Waits for approval',
  'approval.chip-approved': 'Approved',
  'approval.chip-returned': 'Returned',
  'approval.approved-by': '{{name}} approved it, {{time}}.',
  'approval.returned-by': '{{name}} returned it, {{time}}. Reason: {{reason}}',
  'approval.waits': 'It sounds only once a leader has approved it.',
  'approval.again': 'Mend and submit again',
  'approval.submit': 'Submit for approval',
  'approval.submitted': 'Submitted. It sounds only once a leader has approved it.',

  'approval.rule': 'Approval before airing',
  'approval.on': 'On',
  'approval.off': 'Off',
  'approval.on-line': 'Officers submit; it sounds once a leader has approved it.',
  'approval.off-line': 'What officers schedule sounds without anybody’s approval.',
  'approval.apart-line': 'Emergencies, and priority bulletins from above, do not wait for approval here.',
  'approval.turn-on': 'Turn approval on',
  'approval.turn-off': 'Turn approval off',
  'approval.meaning-on':
    'From now on, what officers write sounds only once a leader has approved it. What is scheduled already sounds as before.',
  'approval.meaning-off':
    'From now on, what officers schedule sounds without anybody’s approval. What has been submitted still waits.',
  'approval.saved-on': 'Saved. From now on, bulletins need approval first.',
  'approval.saved-off': 'Saved. From now on, bulletins need no approval.',
};
