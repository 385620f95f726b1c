/** English: what a preview says of each coming airing, and why. */
import type { Dictionary } from '../say.ts';
import type { forecastWords as vi } from '../vi/forecast.ts';

export const forecastWords: Dictionary<keyof typeof vi> = {
  'preview.title': 'The next 7 days',
  'preview.waiting': 'Working it out…',
  'preview.none': 'Nothing plays within the next 7 days.',
  'preview.group': '{{count}} speaker clusters: {{names}}',
  'preview.group_one': '{{count}} speaker cluster: {{names}}',
  'preview.more': 'and {{count}} more',
  'preview.others': 'Other notices affected',
  'preview.line': '{{time}}: {{words}}',
  'preview.other-line': '{{time}} “{{title}}”: {{words}}',
  'preview.groups-more': 'and {{count}} more groups of clusters',

  'forecast.on-time': 'Plays on time.',
  'forecast.late-after-other': 'Plays {{span}} late, because "{{other}}" has to finish first.',
  'forecast.late-after-emergency': 'Plays {{span}} late, because an emergency has to finish first.',
  'forecast.joined-after-other': 'Its first {{span}} are not heard, because "{{other}}" has to finish first.',
  'forecast.joined-after-emergency': 'Its first {{span}} are not heard, because an emergency has to finish first.',
  'forecast.resumed-after-emergency': 'An emergency interrupts it; the rest is played afterwards.',
  'forecast.restarted-after-emergency': 'An emergency interrupts it; it is played again from the beginning.',
  'forecast.dropped-for-emergency': 'An emergency interrupts it; the rest is not played.',
  'forecast.cut-at-maximum-length': 'Cut off at {{time}}, because it is longer than allowed.',
  'forecast.skipped-other-sounding': 'Not played, because "{{other}}" is playing then.',
  'forecast.skipped-for-emergency': 'Not played, because an emergency is playing then.',
  'forecast.hours-end-before-its-turn': 'Not played: the permitted hours are over before its turn comes.',
  'forecast.play-lost': 'Played in part; its other repeats come too late.',
  'forecast.outside-permitted-hours': 'Not played, because it is outside permitted hours.',
  'forecast.rest-day': 'Not played, because the loudspeakers rest on that day.',
  'forecast.holiday': 'Not played, because it is a public holiday.',
  'forecast.weekday': 'Not played, because nothing is played on that weekday.',
  'forecast.resting': 'Not played, because the loudspeakers are resting.',
  'forecast.session-full': 'Not played, because the time of that session is used up.',
  'forecast.too-many-sessions': 'Not played, because that day has all its sessions already.',

  'forecast.overlap': 'At the same time as "{{other}}" for {{span}}.',
  'forecast.priority-clash':
    'Two priority notices at one time: please choose which plays first, "{{first}}" or "{{other}}".',
  'forecast.skipped-by-clock-change': 'Not played on {{date}}: the clocks change, and there is no {{time}}.',
  'forecast.first-of-two': 'On {{date}} the clocks change and {{time}} comes twice; it plays at the first.',
  'forecast.day-over': '{{used}} of sound on {{date}}, more than the {{limit}} allowed.',
  'forecast.session-over': '{{used}} of sound in the {{session}} session of {{date}}, more than the {{limit}} allowed.',

  'change.none': 'No cluster sounds differently in the next 24 hours.',
  'change.clusters': '{{count}} clusters sound differently in the next 24 hours:',
  'change.clusters_one': '{{count}} cluster sounds differently in the next 24 hours:',
  'change.added': '"{{title}}" is added at {{time}}',
  'change.removed': '"{{title}}" at {{time}} is gone',
  'change.moved': '"{{title}}" moves from {{from}} to {{time}}',
  'change.altered': '"{{title}}" at {{time}} has another recording or length',

  'explain.as-foretold': 'As planned.',
  'explain.otherwise': 'Not as planned: {{reason}}.',
  'explain.not-told': 'The cluster has not reported yet.',
  'explain.nothing-planned': 'Nothing is planned at {{time}}.',
};
