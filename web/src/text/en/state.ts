/** English: how a bulletin stands and ends on a cluster, and why. */
import type { Dictionary } from '../say.ts';
import type { stateWords as vi } from '../vi/state.ts';

export const stateWords: Dictionary<keyof typeof vi> = {
  'phase.queued': 'Waiting',
  'phase.downloading': 'Downloading',
  'phase.downloading-percent': 'Downloading {{percent}}%',
  'phase.ready': 'Ready',
  'phase.playing': 'Playing',
  'phase.unknown': 'Not known yet',

  'outcome.confirmed': 'Played, sound measured',
  'outcome.silent': 'Played, but no sound measured',
  'outcome.played': 'Played, not verified',
  'outcome.partial': 'Played in part',
  'outcome.stopped': 'Stopped',
  'outcome.withdrawn': 'Withdrawn',
  'outcome.preempted': 'Gave way to an emergency',
  'outcome.missed': 'Not played',
  'outcome.refused': 'Refused by the speaker',

  'reason.late': 'its time had passed',
  'reason.offline-at-start': 'the cluster was off at that time',
  'reason.clip-missing': 'the sound had not been downloaded',
  'reason.clip-damaged': 'the downloaded sound was damaged',
  'reason.output-missing': 'no sound output',
  'reason.decoder-failed': 'the sound file could not be opened there',
  'reason.clock-not-trusted': 'its clock was not right',
  'reason.outside-permitted-hours': 'outside permitted hours',
  'reason.interrupted-by-restart': 'the cluster restarted meanwhile',
  'reason.interrupted-by-emergency': 'an emergency came',
  'reason.stopped-by-person': 'somebody stopped it',
  'reason.expired': 'it had expired',
  'reason.too-long': 'longer than allowed',
  'reason.busy-with-other': 'another bulletin was playing',
  'reason.relay-away': 'the station could not be relayed; the stand-in was played',
  'reason.not-supported': 'the device cannot play this kind',

  'target.late': '{{span}} late',
  'target.offline': 'Out of reach at present; the result will come later.',

  'summary.sounding': '{{count}} playing',
  'summary.coming': '{{count}} waiting',
  'summary.good': '{{count}} played',
  'summary.attention': '{{count}} to look at',
  'summary.quiet': '{{count}} ended early',
  'summary.unknown': '{{count}} not known yet',

  'class.normal': 'Normal',
  'class.priority': 'Priority',
  'class.emergency': 'Emergency',

  'drill.mark': 'Drill',
  'drill.words': 'DRILL – the speakers say clearly that this is a drill, not a real event.',
  'drill.legend': 'Real or drill',
  'drill.real': 'Real',
  'drill.real-line': 'Speakers sound to everybody at once',
  'drill.line': 'Practice only, not a real event',

  'airing.title': 'Broadcast',
  'airing.sounding-line': 'Playing at {{sounding}} of {{count}} clusters, since {{time}}',
  'airing.line': 'At {{time}} · {{span}} long · {{count}} clusters',
  'airing.line_one': 'At {{time}} · {{span}} long · {{count}} cluster',
  'airing.summary': 'Summary',
  'airing.stage-coming': 'Plays in {{span}}',
  'airing.stage-sounding': 'Playing',
  'airing.stage-stopping': 'Told to stop; {{count}} clusters have not said they are silent',
  'airing.stage-stopping_one': 'Told to stop; {{count}} cluster has not said it is silent',
  'airing.stage-over': 'Finished',
  'airing.stage-ended': 'Stopped, will not play any more',
  'airing.text': 'Show the text',
  'airing.no-targets': 'This broadcast has no cluster yet.',
  'airing.unknown': 'This broadcast was not found',

  'withdrawal.sounded': 'Had sounded before the withdrawal at {{count}} speaker clusters: {{names}}.',
  'withdrawal.untold':
    '{{count}} speaker clusters do not know of the withdrawal yet and may still play it: {{names}}. They are told as soon as they are back in reach.',
  'withdrawal.sounded_one': 'Had sounded before the withdrawal at {{count}} speaker cluster: {{names}}.',
  'withdrawal.untold_one':
    '{{count}} speaker cluster does not know of the withdrawal yet and may still play it: {{names}}. It is told as soon as it is back in reach.',
  'withdrawal.told': 'Every speaker cluster that holds a schedule has dropped this bulletin.',
  'withdrawal.cluster': '{{name}} ({{time}})',
  'withdrawal.show': 'How far did the withdrawal get?',

  'end.stop': 'Stop',
  'end.withdraw': 'Withdraw',
  'end.ask-stop': 'Stop playing?',
  'end.ask-withdraw': 'Withdraw the bulletin?',
  'end.consequence': 'It will no longer play at {{count}} clusters.',
  'end.consequence_one': 'It will no longer play at {{count}} cluster.',
  'end.repeats': 'This bulletin repeats: later times are dropped too.',
  'end.unreached':
    'Withdrawn. {{count}} speaker clusters are out of reach and may still play it. See which under Bulletins, Past.',
  'end.unreached_one':
    'Withdrawn. {{count}} speaker cluster is out of reach and may still play it. See which under Bulletins, Past.',
  'end.done-withdrawn': 'The bulletin has been withdrawn.',
  'end.done': 'Stopped.',
};
